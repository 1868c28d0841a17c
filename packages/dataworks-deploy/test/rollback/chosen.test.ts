import { chosen, remaining } from '../../src/rollback/chosen';
import { aRecord } from '../support/records';

const current = aRecord({ serial: 7 });

describe('the record that is brought back', () => {
  test.each(['succeeded', 'noChanges'] as const)('%s: its plan was in force as a whole', (result) => {
    const record = aRecord({ serial: 3, result });
    expect(chosen(3, record, current)).toBe(record);
  });

  test('an environment whose last apply failed can go back to the one before', () => {
    const record = aRecord({ serial: 6 });
    expect(chosen(6, record, aRecord({ serial: 7, result: 'failed' }))).toBe(record);
  });

  test.each([
    ['there is none', undefined, current, /^DW3401: .*serial 3, the current one is 7/],
    ['there is no current one', aRecord({ serial: 3 }), undefined, /^DW3401: .*the current one is none/],
    ['it is of a history that was removed', aRecord({ serial: 3, lineage: '99999999-2222-4333-8444-555555555555' }), current, /^DW3401: /],
    ['it failed', aRecord({ serial: 3, result: 'failed' as const }), current, /^DW3403: .*serial 3, 2026/],
  ])('refused: %s', (_what, record, now, message) => {
    expect(() => chosen(3, record, now)).toThrow(message);
  });

  test('refused: it is the current one', () => {
    expect(() => chosen(7, current, current)).toThrow(/^DW3402: .*serial 7, /);
  });
});

test('what remains: stacks that exist, by region and name, and are not in the assembly', () => {
  const stack = (name: string, id?: string, region = 'eu-central-1') => ({ name, region, ...(id !== undefined && { id }) });
  const now = [stack('new', 'arn'), stack('lake', 'arn'), stack('lake', 'arn', 'us-east-1'), stack('never-made')];
  expect(remaining(now, [stack('lake')])).toEqual(['eu-central-1/new', 'us-east-1/lake']);
});
