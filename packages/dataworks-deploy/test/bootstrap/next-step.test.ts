import { StackStatus } from '@aws-sdk/client-cloudformation';
import { nextStep, type Step } from '../../src/bootstrap/next-step';

const STEPS: ReadonlyArray<readonly [Step, ReadonlyArray<StackStatus | undefined>]> = [
  ['create', [undefined, 'REVIEW_IN_PROGRESS', 'DELETE_COMPLETE']],
  ['update', ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE']],
  ['clear', ['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED']],
  ['roll back', ['UPDATE_FAILED']],
  ['continue rollback', ['UPDATE_ROLLBACK_FAILED']],
  ['give up', ['IMPORT_ROLLBACK_FAILED']],
];

test.each(STEPS)('%s: %p', (step, statuses) => {
  expect(statuses.map(nextStep)).toEqual(statuses.map(() => step));
});

test('whatever else CloudFormation can say of a stack, it is at work on it', () => {
  const named = STEPS.flatMap(([, statuses]) => statuses);
  const others = Object.values(StackStatus).filter((status) => !named.includes(status));
  expect(others).not.toEqual([]);
  for (const status of others) {
    expect(status).toMatch(/_IN_PROGRESS$/);
    expect(nextStep(status)).toBe('wait');
  }
});
