import { expands } from './expansion';
import { followersOf, pathOf } from '../followers';
import type { Plan, PlannedStack, ResourceChange, Risk, RiskKind } from '../plan';
import { publishingRisks } from './publishing-risks';
import type { StackTemplate } from '../template/stack-template';

/** Gravest first. */
const ORDER: readonly RiskKind[] = ['statefulLoss', 'statefulReplacement', 'broadening', 'protectionOff', 'publishing', 'unforeseeable'];

/**
 * What a reviewer has to see first. Stable: in the order of stacks and changes within each kind.
 *
 * @param templates of the assembly, by path in the bundle
 */
export function risksOf({ account, stacks }: Pick<Plan, 'account' | 'stacks'>, templates: ReadonlyMap<string, StackTemplate>): Risk[] {
  const risks = stacks.flatMap((stack) => [
    ...stack.changes.flatMap((change) => changeRisks(stack, change)),
    ...stackRisks(stack, expands(stack, templates)),
    ...publishingRisks(stack, account),
  ]);
  return ORDER.flatMap((kind) => risks.filter((risk) => risk.kind === kind));
}

function changeRisks({ artifactId, changes }: PlannedStack, change: ResourceChange): Risk[] {
  const { nested, logicalId, broadening, expiry, weakening, stateful, follows } = change;
  const risk = (kind: RiskKind, reason: string): Risk => ({ kind, stack: artifactId, nested, logicalId, reason });
  const loss = stateful && !follows ? lossOf(change) : undefined;
  const further = follows ? undefined : furtherLossOf(change, changes);
  return [
    ...(loss ? [risk(...loss)] : []),
    ...(further ? [risk(...further)] : []),
    ...(expiry === undefined ? [] : [risk('statefulLoss', expiry)]),
    ...(broadening === undefined ? [] : [risk('broadening', broadening)]),
    ...(weakening === undefined ? [] : [risk('protectionOff', weakening)]),
  ];
}

/** The gate lets nothing that holds data be replaced for certain that was not planned for certain. */
const UNCERTAIN =
  'an apply refuses it (DW3308) when CloudFormation is certain. To have it replaced, add another one under another logical id, move the data, and take this one away after that';

function lossOf({ action, replacement, deletes }: ResourceChange): [RiskKind, string] | undefined {
  if (action === 'remove') return deletes ? ['statefulLoss', 'is deleted with what it holds'] : undefined;
  if (replacement === 'never') return undefined;
  const certainly = replacement === 'always' ? 'is' : 'may be';
  const unless = replacement === 'always' ? '' : `; ${UNCERTAIN}`;
  return deletes
    ? ['statefulLoss', `${certainly} replaced: what it holds is deleted${unless}`]
    : ['statefulReplacement', `${certainly} replaced by an empty one; the old one stays, outside the stack${unless}`];
}

/** What holds data and follows what may be replaced is told there, once, and not at each that follows. */
function furtherLossOf(cause: ResourceChange, changes: readonly ResourceChange[]): [RiskKind, string] | undefined {
  const lost = followersOf(cause, changes).filter(({ stateful, replacement }) => stateful && replacement !== 'never');
  if (lost.length === 0) return undefined;
  const names = lost.map(pathOf).join(', ');
  return lost.some(({ deletes }) => deletes)
    ? ['statefulLoss', `if it is replaced, so may be what reads it, and what that holds is deleted: ${names}`]
    : ['statefulReplacement', `if it is replaced, so may be what reads it, by an empty one; the old one stays: ${names}`];
}

const UNSEEN =
  'a transform, or the template of a nested stack from elsewhere, decides what changes; an apply refuses (DW3308) whatever of it this plan does not show, but for the properties of a resource that has an Fn::Transform itself';

function stackRisks(stack: PlannedStack, isRewritten: boolean): Risk[] {
  const { artifactId, deployed, terminationProtection, otherChanges } = stack;
  const risk = (kind: RiskKind, reason: string): Risk => ({ kind, stack: artifactId, nested: [], reason });
  return [
    ...(otherChanges.some(({ what }) => what === 'role') && !isBootstrapped(stack) ? [risk('broadening', roleWords(stack))] : []),
    ...(deployed?.terminationProtection && !terminationProtection
      ? [risk('protectionOff', 'the stack loses its termination protection')]
      : []),
    ...(isRewritten ? [risk('unforeseeable', UNSEEN)] : []),
  ];
}

function roleWords({ roleArn, deployed }: PlannedStack): string {
  return `CloudFormation acts by ${roleArn}${deployed ? `, until now by ${deployed.roleArn ?? 'whoever calls it'}` : ''}`;
}

/** Whether a new stack gets the role of the CDK bootstrap that its deploy role is of; IAM decides which deploy role can be had at all. */
function isBootstrapped({ deployed, roleArn, deployRoleArn }: PlannedStack): boolean {
  const name = /(:role\/cdk-[a-z0-9]+)-deploy-role-/;
  return (
    !deployed && deployRoleArn !== undefined && name.test(deployRoleArn) && deployRoleArn.replace(name, '$1-cfn-exec-role-') === roleArn
  );
}
