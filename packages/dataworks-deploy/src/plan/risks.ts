import { expands } from './expansion';
import type { PlannedStack, ResourceChange, Risk, RiskKind } from './plan';
import type { StackTemplate } from './stack-template';

/** Gravest first. */
const ORDER: readonly RiskKind[] = ['statefulLoss', 'statefulReplacement', 'broadening', 'protectionOff', 'unforeseeable'];

/**
 * What a reviewer has to see first. Stable: in the order of stacks and changes within each kind.
 *
 * @param templates of the assembly, by path in the bundle
 */
export function risksOf(stacks: readonly PlannedStack[], templates: ReadonlyMap<string, StackTemplate>): Risk[] {
  const risks = stacks.flatMap((stack) => [
    ...stack.changes.flatMap((change) => changeRisks(stack.artifactId, change)),
    ...stackRisks(stack, expands(stack, templates)),
  ]);
  return ORDER.flatMap((kind) => risks.filter((risk) => risk.kind === kind));
}

function changeRisks(stack: string, change: ResourceChange): Risk[] {
  const { nested, logicalId, broadening, properties, stateful } = change;
  const risk = (kind: RiskKind, reason: string): Risk => ({ kind, stack, nested, logicalId, reason });
  const loss = stateful ? lossOf(change) : undefined;
  return [
    ...(loss ? [risk(...loss)] : []),
    ...(broadening === undefined ? [] : [risk('broadening', broadening)]),
    ...(stateful && PROTECTIONS.some((name) => properties.some((path) => path.startsWith(name)))
      ? [risk('protectionOff', 'what protects it against deletion changes')]
      : []),
  ];
}

/** Attributes and properties by which what holds data is kept. */
const PROTECTIONS = ['/DeletionPolicy', '/UpdateReplacePolicy', '/Properties/DeletionProtection'];

function lossOf({ action, replacement, deletes }: ResourceChange): [RiskKind, string] | undefined {
  if (action === 'remove') return deletes ? ['statefulLoss', 'is deleted with what it holds'] : undefined;
  if (replacement === 'never') return undefined;
  const certainly = replacement === 'always' ? 'is' : 'may be';
  return deletes
    ? ['statefulLoss', `${certainly} replaced: what it holds is deleted`]
    : ['statefulReplacement', `${certainly} replaced by an empty one; the old one stays, outside the stack`];
}

function stackRisks({ artifactId, deployed, terminationProtection, otherChanges, roleArn }: PlannedStack, isRewritten: boolean): Risk[] {
  const risk = (kind: RiskKind, reason: string): Risk => ({ kind, stack: artifactId, nested: [], reason });
  return [
    ...(otherChanges.some(({ what }) => what === 'role')
      ? [risk('broadening', `CloudFormation acts by ${roleArn}, until now by ${deployed?.roleArn ?? 'whoever calls it'}`)]
      : []),
    ...(deployed?.terminationProtection && !terminationProtection
      ? [risk('protectionOff', 'the stack loses its termination protection')]
      : []),
    ...(isRewritten
      ? [risk('unforeseeable', 'a transform of CloudFormation rewrites the template: only the change set shows what it does')]
      : []),
  ];
}
