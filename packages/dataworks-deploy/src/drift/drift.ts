/** What was changed behind CloudFormation's back, and how that is judged. */
import type { StackResource } from '../aws/cloudformation';
import type { DetectedResource, Detection, PropertyDifference } from '../aws/drift-detection';
import { NESTED_STACK } from '../plan/template/nested-templates';

/** `NOT_CHECKED`: CloudFormation cannot compare the type. `UNKNOWN`: it can, and could not this time. */
export type ResourceStatus = 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED' | 'UNKNOWN';

export interface ResourceDrift {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly status: ResourceStatus;
  readonly differences: readonly PropertyDifference[];
}

export interface StackDrift {
  readonly name: string;
  readonly region: string;
  /** Logical ids of the nested stacks that lead to it, outermost first; empty for a stack of the record. */
  readonly nested: readonly string[];
  /** `NOT_CHECKED`: none of its resources can be compared. */
  readonly status: 'IN_SYNC' | 'DRIFTED' | 'DELETED' | 'NOT_CHECKED' | 'UNKNOWN';
  /** What the stack itself is otherwise, such as another one than was applied. */
  readonly note?: string;
  /** Why not everything could be compared; undefined when all was that can be. */
  readonly problem?: string;
  /** Sorted by logical id. A nested stack is no resource here, but a stack. */
  readonly resources: readonly ResourceDrift[];
}

const STATUSES: readonly string[] = ['IN_SYNC', 'MODIFIED', 'DELETED'];

/** The resources of a stack with what was found of them. What an earlier detection found of one counts for nothing. */
export function resourcesOf(
  resources: readonly StackResource[],
  found: readonly DetectedResource[],
  { startedAt }: Pick<Detection, 'startedAt'>,
): ResourceDrift[] {
  const byId = new Map(found.map((one) => [one.logicalId, one]));
  return resources
    .filter(({ type }) => type !== NESTED_STACK)
    .map(({ logicalId, type, physicalId }) => {
      const detected = byId.get(logicalId);
      return {
        logicalId,
        type,
        ...(physicalId !== undefined && { physicalId }),
        status: statusOf(detected, startedAt),
        differences: detected?.differences ?? [],
      };
    })
    .sort((one, other) => (one.logicalId < other.logicalId ? -1 : 1));
}

function statusOf(detected: DetectedResource | undefined, startedAt: Date): ResourceStatus {
  if (!detected || detected.status === 'NOT_CHECKED' || detected.status === 'UNSUPPORTED') return 'NOT_CHECKED';
  if (detected.checkedAt < startedAt || !STATUSES.includes(detected.status)) return 'UNKNOWN';
  return detected.status as ResourceStatus;
}

/** How a stack stands. It is in sync only when something was compared, and nothing could not be. */
export function stackStatus({ note, problem, resources }: Pick<StackDrift, 'note' | 'problem' | 'resources'>): StackDrift['status'] {
  const all = resources.map(({ status }) => status);
  if (note !== undefined || all.includes('MODIFIED') || all.includes('DELETED')) return 'DRIFTED';
  if (problem !== undefined || all.includes('UNKNOWN')) return 'UNKNOWN';
  return all.includes('IN_SYNC') ? 'IN_SYNC' : 'NOT_CHECKED';
}

/** Whether anything is not as it was applied. */
export function isDrifted({ status }: StackDrift): boolean {
  return status === 'DRIFTED' || status === 'DELETED';
}

/** Whether a stack was compared as far as CloudFormation can. */
export function isComplete({ problem, status }: StackDrift): boolean {
  return problem === undefined && status !== 'UNKNOWN';
}
