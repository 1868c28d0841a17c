import { homeAt } from '../../cli/paths';
import { runTry } from '../../try/command';

async function runs(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runTry(args, { home: homeAt('/nowhere'), out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('--help is the usage and nothing else', async () => {
  const { code, out, err } = await runs('--help');
  expect(code).toBe(0);
  expect(out).toMatch(/^npx projen try /);
  expect(err).toBe('');
});

test.each([['--frob'], ['now'], ['--json=yes']])(
  '%s is refused with the reason and the usage, before anything is done',
  async (argument) => {
    const { code, out, err } = await runs(argument);
    expect(code).toBe(64);
    expect(out).toBe('');
    expect(err).toContain(argument.split('=')[0]);
    expect(err).toContain('npx projen try [--json] [--help]');
  },
);
