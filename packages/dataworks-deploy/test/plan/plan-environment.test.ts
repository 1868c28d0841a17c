import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Fault } from '../../src/fault';
import { PLAN_FAULTS } from '../../src/plan/faults';
import { planEnvironment } from '../../src/plan/plan-environment';
import { answeringServer } from '../support/answering-server';
import { TARGET } from '../support/plans';

const { answerWith } = answeringServer();

const folder = mkdtempSync(join(tmpdir(), 'dataworks-plan-'));
const configuration = join(folder, 'dataworks.json');
writeFileSync(configuration, JSON.stringify({ project: { name: 'sales', owner: 'x' }, environments: [TARGET] }));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Fails when the event loop has turned so many times. */
async function failing(turns: number, kind: keyof typeof PLAN_FAULTS): Promise<never> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  throw new Fault(PLAN_FAULTS[kind], { received: 'x' });
}

test.each([
  ['at once, and the commit later', 0, 9],
  ['later, and the commit at once', 9, 0],
])('an application that fails %s: both are told', async (_when, app, git) => {
  const caller = `<Account>${TARGET.account}</Account><Arn>arn:aws:iam::${TARGET.account}:root</Arn>`;
  answerWith((request) =>
    request.startsWith('POST')
      ? {
          status: 200,
          body: `<GetCallerIdentityResponse><GetCallerIdentityResult>${caller}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
        }
      : { status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' },
  );
  const [assembly, commit] = [failing(app, 'synthFailed'), failing(git, 'noCommit')];
  const planned = planEnvironment({ name: TARGET.name, configuration, assembly, commit, scratch: folder, upload: false, tell: () => {} });
  await expect(planned).rejects.toMatchObject({ code: 'DW3221', other: { code: 'DW3229' } });
});
