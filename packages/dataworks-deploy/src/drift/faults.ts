import { kind, type FaultKind } from '../faults';

/** What keeps drift from being found. */
export const DRIFT_FAULTS = {
  noRecord: kind(
    'DW3501',
    'Nothing was applied to this environment yet, so there is nothing that could have drifted.',
    'an environment with a deployment record',
    'apply a plan first; stacks that were deployed otherwise are compared by aws cloudformation detect-stack-drift',
  ),
  incomplete: kind(
    'DW3502',
    'A stack could not be compared completely.',
    'a stack that nobody changes, and rights to read the configuration of each of its resources',
    'remove what the reason names (of a denied action: use the credentials of an administrator), then run the command again',
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;
