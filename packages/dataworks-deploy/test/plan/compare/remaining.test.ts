import type { Plan, Rollback } from '../../../src/plan/plan';
import { markdownReport, terminalReport } from '../../../src/plan/report/report';
import { htmlReport } from '../../../src/plan/report/report-html';
import { summaryOf } from '../../../src/plan/summary';
import { DIGEST } from '../../support/planned';
import { assemblyWith, deployedWith, draftOf } from '../../support/plans';

const RECORDED = [
  { name: 'lake', region: 'eu-central-1', id: 'arn' },
  { name: 'fn', region: 'eu-central-1', id: 'arn' },
  { name: 'never-created', region: 'eu-central-1' },
];

async function planOf(recorded = RECORDED, rollback?: Rollback): Promise<Plan> {
  const template = { Resources: {} };
  const { plan } = await draftOf(assemblyWith({ lake: { template } }), deployedWith({ lake: { template } }), { recorded, rollback });
  return { ...plan, digest: DIGEST };
}

test('a stack that the record knows and the application does not is in the plan, and in its short form', async () => {
  const plan = await planOf();
  expect(plan.remaining).toEqual(['eu-central-1/fn']);
  expect(summaryOf(plan)).toMatchObject({ changes: false, remaining: ['eu-central-1/fn'] });
  const without = await planOf(RECORDED.slice(0, 1));
  expect([without, summaryOf(without)].filter((one) => 'remaining' in one)).toEqual([]);
});

test('every report has it under what has to be looked at first', async () => {
  const plan = await planOf();
  const words = 'eu-central-1/fn: no longer in the application, left as it is';
  expect(terminalReport(plan)).toContain(`\nTo be looked at first (1):\n  LEFT BEHIND   ${words}\n`);
  expect(markdownReport(plan)).toContain(`LEFT BEHIND   ${words}`);
  const page = htmlReport(plan);
  expect(page).toContain('<code>eu-central-1/fn</code>: no longer in the application, left as it is');
  expect(page).not.toContain('Nothing: as far as the templates tell');
});

test('a rollback names them in its own words', async () => {
  const rollback: Rollback = { serial: 1, digest: DIGEST, remaining: ['eu-central-1/fn'] };
  const report = terminalReport(await planOf(RECORDED, rollback));
  expect(report).toContain('of later applies, and left as they are: eu-central-1/fn');
  expect(report).not.toContain('LEFT BEHIND');
});
