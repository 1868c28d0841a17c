import type { PlannedStack, Wait } from './plan';

/** Why a stack comes after another one. */
export function waitWords({ kind, name, madeBy }: Wait, stacks: ReadonlyArray<Pick<PlannedStack, 'artifactId' | 'name'>>): string {
  const maker = stacks.find(({ artifactId }) => artifactId === madeBy)?.name ?? madeBy;
  return `after ${maker}, which makes the ${kind === 'parameter' ? 'SSM parameter' : kind} ${name}`;
}
