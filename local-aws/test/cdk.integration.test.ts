import { CdkFailed, cdk, stacksThatDiffer } from './cdk';

test('the pinned CDK runs, line by line', async () => {
  const seen: string[] = [];
  expect(await cdk(['--version'], (line) => seen.push(line))).toEqual([expect.stringMatching(/^2\.1148\.1/)]);
  expect(seen).toHaveLength(1);
});

test('a CDK command that fails says with which status, and which command', async () => {
  await expect(cdk(['no-such-command'], () => {})).rejects.toThrow(CdkFailed);
  await expect(cdk(['no-such-command'], () => {})).rejects.toThrow(
    /^DW6201 cdk no-such-command: ended with 1\.[^]*\n  Fix: npx projen local:reset, then try again$/,
  );
});

test('the differing stacks are counted from what cdk diff says', () => {
  expect(stacksThatDiffer(['Stack dev/lake', '✨  Number of stacks with differences: 2'])).toBe(2);
});

test('a cdk diff that does not say is an error, not "no changes"', () => {
  expect(() => stacksThatDiffer(['Stack dev/lake'])).toThrow('DW6202');
});
