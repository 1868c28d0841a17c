import type { StackStatus } from '../aws/cloudformation';

/**
 * What to do with a stack before its next change set:
 * - `create`, `update`: nothing, the change set can be made
 * - `wait`: CloudFormation is at work on it
 * - `clear`: its creation or deletion failed; delete what is left of it, and keep what refuses to go
 * - `continue rollback`, `roll back`: an update failed half way; take it back
 * - `give up`: no state that this command leaves behind, nor one that has a safe way out
 */
export type Step = 'create' | 'update' | 'wait' | 'clear' | 'continue rollback' | 'roll back' | 'give up';

const STEPS: Readonly<Record<StackStatus, Step>> = {
  REVIEW_IN_PROGRESS: 'create', // change sets alone; also none, when they were deleted
  DELETE_COMPLETE: 'create',

  CREATE_COMPLETE: 'update',
  UPDATE_COMPLETE: 'update',
  UPDATE_ROLLBACK_COMPLETE: 'update',
  IMPORT_COMPLETE: 'update',
  IMPORT_ROLLBACK_COMPLETE: 'update',

  CREATE_IN_PROGRESS: 'wait',
  ROLLBACK_IN_PROGRESS: 'wait',
  UPDATE_IN_PROGRESS: 'wait',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'wait',
  UPDATE_ROLLBACK_IN_PROGRESS: 'wait',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'wait',
  DELETE_IN_PROGRESS: 'wait',
  IMPORT_IN_PROGRESS: 'wait',
  IMPORT_ROLLBACK_IN_PROGRESS: 'wait',

  CREATE_FAILED: 'clear',
  ROLLBACK_COMPLETE: 'clear',
  ROLLBACK_FAILED: 'clear', // deletion protection stopped the rollback from removing the table
  DELETE_FAILED: 'clear',

  UPDATE_FAILED: 'roll back', // only with rollback disabled, which somebody else did
  UPDATE_ROLLBACK_FAILED: 'continue rollback',
  IMPORT_ROLLBACK_FAILED: 'give up',
};

/** The step for a stack in this status; for one that does not exist, `create`. */
export function nextStep(status: StackStatus | undefined): Step {
  return status === undefined ? 'create' : STEPS[status];
}
