import type { StackState } from '../../aws/stack-reader';
import { Fault } from '../../fault';
import { sortedTexts } from '../assembly/assembly';
import { sha256 } from '../digest';
import { PLAN_FAULTS } from '../faults';
import type { Lookup } from '../lookup';
import type { DeployedState } from '../plan';
import { parseTemplate, type StackTemplate } from '../template/stack-template';

/** A stack that was created completely, once. */
export interface DeployedStack {
  readonly state: StackState;
  /** As it was submitted. */
  readonly text: string;
  readonly template: StackTemplate;
}

/** States of a stack that was never created: what is left of the attempt goes when it is created. */
const NEVER_CREATED = ['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE'];

const SETTLED = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE'];

/** What is deployed under a name, or an id. Throws DW3228 for a stack that is not at rest, DW3234 for one that cannot be compared. */
export async function deployedStack({ stacks }: Pick<Lookup, 'stacks'>, stack: string): Promise<DeployedStack | undefined> {
  // Side by side: whether the stack is there is not known yet.
  const [state, text] = await Promise.all([stacks.state(stack), stacks.template(stack)]);
  if (!state || NEVER_CREATED.includes(state.status)) return undefined;
  if (!SETTLED.includes(state.status)) throw new Fault(PLAN_FAULTS.unsettledStack, { received: `${stack}: ${state.status}` });
  if (text === undefined) throw new Fault(PLAN_FAULTS.unsettledStack, { received: `${stack}: no template` });
  return { state, text, template: deployedTemplate(text, stack) };
}

function deployedTemplate(text: string, stack: string): StackTemplate {
  try {
    return parseTemplate(text, stack);
  } catch {
    throw new Fault(PLAN_FAULTS.deployedNotJson, { received: stack });
  }
}

/** What a plan keeps of it, to see later whether it is still so. */
export function deployedState({ state, text }: DeployedStack): DeployedState {
  const { id, status, lastUpdated, parameters, tags, terminationProtection, roleArn } = state;
  return {
    stackId: id,
    status,
    lastUpdated,
    templateHash: sha256(text),
    parameters: sortedTexts(parameters),
    tags: sortedTexts(tags),
    terminationProtection,
    ...(roleArn !== undefined && { roleArn }),
  };
}
