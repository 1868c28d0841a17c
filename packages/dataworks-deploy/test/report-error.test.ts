import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answeringServer } from './support/answering-server';
import { TARGET } from './support/plans';
import { dataworks } from '../src/program';

const { answerWith } = answeringServer();

test('what an error says to run can be copied: the name of the environment is in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataworks-error-'));
  const file = join(folder, 'dataworks.json');
  writeFileSync(file, JSON.stringify({ project: { name: 'sales', owner: 'x' }, environments: [TARGET] }));
  delete process.env.CIRCLECI; // this is no job
  const caller = `<Account>${TARGET.account}</Account><Arn>arn:aws:iam::${TARGET.account}:root</Arn>`;
  answerWith(() => ({
    status: 200,
    body: `<GetCallerIdentityResponse><GetCallerIdentityResult>${caller}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
  }));
  const told: string[] = [];
  const tell = (text: string) => told.push(text);
  await dataworks(['release-own', 'dev', '--config', file, '--json'], { out: tell, err: tell, ask: () => Promise.resolve(undefined) });
  rmSync(folder, { recursive: true });
  expect(told).toHaveLength(2);
  for (const text of told) expect(text).toMatch(/DW3007[^]*dataworks unlock dev <ID>/);
});
