import { placeOf } from './place';
import type { DeployedState, Plan, PlannedStack, PlannedState } from '../plan/plan';

/** An environment as it is now. */
export interface Present {
  /** Of the current record; undefined before the first apply. */
  readonly state?: PlannedState;
  /** By place, `<region>/<name>`; undefined for a stack that does not exist. */
  readonly stacks: Readonly<Record<string, DeployedState | undefined>>;
}

/**
 * What has changed since a plan was made; nothing when the plan may be applied.
 *
 * @param done places of the stacks that an interrupted apply of this plan has deployed already
 */
export function staleness({ state, stacks }: Pick<Plan, 'state' | 'stacks'>, now: Present, done: ReadonlySet<string>): string[] {
  return [
    ...changed('the record', 'serial', state?.serial, now.state?.serial),
    // A record that was removed and begun anew counts from 1 again.
    ...(state && now.state ? changed('the record', 'lineage', state.lineage, now.state.lineage) : []),
    ...stacks.filter((stack) => !done.has(placeOf(stack))).flatMap((stack) => stackStaleness(stack, now.stacks[placeOf(stack)])),
  ];
}

function stackStaleness({ name, deployed: planned, terminationProtection }: PlannedStack, now: DeployedState | undefined): string[] {
  if (!planned || !now) return planned === now ? [] : [`stack ${name} ${now ? 'exists now' : 'does not exist any more'}`];
  const where = `stack ${name}`;
  if (planned.stackId !== now.stackId) return changed(where, 'id', planned.stackId, now.stackId);
  return [
    ...changed(where, 'status', planned.status, now.status),
    ...changed(where, 'last update', planned.lastUpdated, now.lastUpdated),
    ...changed(where, 'template', planned.templateHash, now.templateHash),
    // An interrupted run of this plan may have set it already.
    ...(now.terminationProtection === terminationProtection
      ? []
      : changed(where, 'termination protection', planned.terminationProtection, now.terminationProtection)),
    ...changed(where, 'execution role', planned.roleArn, now.roleArn),
    ...valuesChanged(where, 'parameter', planned.parameters, now.parameters),
    ...valuesChanged(where, 'tag', planned.tags, now.tags),
  ];
}

type Values = Readonly<Record<string, string | undefined>>;

function valuesChanged(where: string, what: string, planned: Values, now: Values): string[] {
  const names = [...new Set([...Object.keys(planned), ...Object.keys(now)])].sort();
  return names.flatMap((name) => changed(where, `${what} ${name}`, planned[name], now[name]));
}

type Value = string | number | boolean | undefined;

function changed(where: string, what: string, planned: Value, now: Value): string[] {
  return planned === now ? [] : [`${where}: ${what} is ${now ?? 'none'}, planned was ${planned ?? 'none'}`];
}
