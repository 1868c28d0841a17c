import type { Action, Plan, PlannedStack, ResourceChange, Risk, Rollback, Wait } from './plan';

/** The short form of a plan: `summary.json` of a bundle, and what `--json` prints. */
export interface Summary {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly commit: string;
  readonly dirty: boolean;
  readonly assemblyGiven?: true;
  readonly rollback?: Rollback;
  readonly remaining?: readonly string[];
  /** Whether an apply would change anything. */
  readonly changes: boolean;
  readonly counts: Counts;
  readonly risks: readonly Risk[];
  readonly stacks: readonly StackSummary[];
}

export type Counts = Readonly<Record<Action | 'replace', number>>;

export interface StackSummary {
  readonly name: string;
  readonly region: string;
  readonly isNew: boolean;
  readonly counts: Counts;
  /** Names of sections, such as `tags`. */
  readonly otherChanges: readonly string[];
  readonly waits: readonly Wait[];
}

export function summaryOf(plan: Omit<Plan, 'digest'>): Summary {
  const { environment, account, region, commit, dirty, assemblyGiven, rollback, remaining, stacks, risks } = plan;
  return {
    environment,
    account,
    region,
    commit,
    dirty,
    ...(assemblyGiven && { assemblyGiven }),
    ...(rollback && { rollback }),
    ...(remaining && { remaining }),
    changes: stacks.some(isChanged),
    counts: countsOf(stacks.flatMap(({ changes }) => changes)),
    risks,
    stacks: stacks.map((stack) => ({
      name: stack.name,
      region: stack.region,
      isNew: stack.deployed === undefined,
      counts: countsOf(stack.changes),
      otherChanges: stack.otherChanges.map(({ what }) => what),
      waits: stack.waits,
    })),
  };
}

export function isChanged({ deployed, changes, otherChanges }: PlannedStack): boolean {
  return deployed === undefined || changes.length > 0 || otherChanges.length > 0;
}

/** Each change counts once: as a replacement when it may be one. */
export function countsOf(changes: readonly ResourceChange[]): Counts {
  const counts = { add: 0, modify: 0, remove: 0, replace: 0 };
  for (const { action, replacement } of changes) counts[replacement === 'never' ? action : 'replace'] += 1;
  return counts;
}
