import { DEPLOYED } from './interrupted';
import type { PlannedStack } from '../plan/plan';
import { NOT_REACHED, type RecordedStack } from '../record/record';

/** What became of a stack. */
export interface Outcome {
  /** ARN. */
  readonly id: string;
  /** Of the stack. */
  readonly status: string;
  /** Name of the change set that was executed. */
  readonly changeSet?: string;
  /** Whether anything was done to the stack, be it that it was taken back. */
  readonly isTouched: boolean;
}

export function recordedStack({ name, region, deployed, template }: PlannedStack, outcome: Outcome | undefined): RecordedStack {
  const { id = deployed?.stackId, status = NOT_REACHED, changeSet }: Partial<Outcome> = outcome ?? {};
  const isNew = changeSet !== undefined && DEPLOYED.has(status);
  return {
    name,
    region,
    ...(id !== undefined && { id }),
    templateHash: isNew ? template.hash : (deployed?.templateHash ?? template.hash),
    ...(changeSet !== undefined && { changeSet }),
    status,
  };
}
