import { parseApproval, type Approval } from './approval';
import { ageLimit, countApprovals, type Count, type Stored } from './count';
import { APPLY_FAULTS } from '../apply/faults';
import type { Buckets } from '../aws/s3';
import type { Target } from '../config/target';
import { Fault } from '../fault';
import type { Objects } from '../lock/lock-services';
import { PLAN_FAULTS } from '../plan/faults';

/** What may be tried before somebody else's approvals are taken to be in the way. */
const TRIES = 10;

/** The approvals of one plan of an environment. All times are S3's: nobody's clock makes a plan younger. */
export class Approvals {
  private readonly prefix: string;
  private readonly plannedPrefix: string;

  public constructor(
    private readonly target: Target,
    private readonly buckets: Buckets,
    private readonly digest: string,
  ) {
    const { approvalsPrefix, plansPrefix } = target.names;
    this.prefix = `${approvalsPrefix}${digest}/`;
    this.plannedPrefix = `${plansPrefix}${digest}/planned/`;
  }

  /** When the plan was made last. Throws DW3231 when it was never uploaded. */
  public async planned(): Promise<Date> {
    const { stateBucket } = this.target.names;
    const made = await this.buckets.list(stateBucket, this.plannedPrefix);
    if (made.length === 0) throw new Fault(PLAN_FAULTS.noUploadedPlan, { received: `${this.digest} in ${stateBucket}` });
    return new Date(Math.max(...made.map(({ modified }) => modified.getTime())));
  }

  /** All of them, oldest first. Throws DW3305 with every one that is not as it was written. */
  public async all(): Promise<Array<Stored<Approval>>> {
    const { stateBucket } = this.target.names;
    const listed = await this.buckets.list(stateBucket, this.prefix);
    const read = await Promise.all(
      listed.map(async ({ key, modified }) => ({
        key,
        at: modified,
        value: parseApproval((await this.buckets.text(stateBucket, key)) ?? '', this.digest),
      })),
    );
    const malformed = read.flatMap(({ key, value }) => (typeof value === 'string' ? [`${key}: ${value}`] : []));
    if (malformed.length > 0) throw new Fault(APPLY_FAULTS.malformedApproval, { received: malformed.join('; ') });
    return read
      .flatMap(({ value, at }) => (typeof value === 'string' ? [] : [{ value, at }]))
      .sort((one, other) => one.at.getTime() - other.at.getTime());
  }

  /** Write one, under the next free number. Gives its key. Throws DW3340. */
  public async add(objects: Pick<Objects, 'create'>, approval: Approval): Promise<string> {
    const taken = await this.buckets.list(this.target.names.stateBucket, this.prefix);
    for (let number = taken.length + 1; number <= taken.length + TRIES; number += 1) {
      const key = `${this.prefix}${number}.json`;
      if ((await objects.create(key, `${JSON.stringify(approval, undefined, 2)}\n`)) !== undefined) return key;
    }
    throw new Fault(APPLY_FAULTS.approvalRace, { received: `${this.prefix}${taken.length + 1}.json to ${taken.length + TRIES}.json` });
  }

  /** Those that count. Throws DW3303 for a plan that is too old, DW3304 for one that too few have approved, and as `planned` and `all` do. */
  public async sufficient(): Promise<ReadonlyArray<Stored<Approval>>> {
    const { name, planMaxAge, approvals: needed } = this.target.environment;
    const planned = await this.planned();
    const age = this.buckets.now.getTime() - planned.getTime();
    if (age > ageLimit(planMaxAge)) {
      throw new Fault(APPLY_FAULTS.tooOld, {
        received: `planned ${planned.toISOString()}, ${hours(age)} ago`,
        allowed: `${planMaxAge}, \`planMaxAge\` of ${name}`,
      });
    }
    const all = await this.all();
    const count = countApprovals(all, planned);
    if (count.approvers.length < needed) {
      throw new Fault(APPLY_FAULTS.notApproved, {
        received: countText(count, needed),
        fix: `have it read and approved: dataworks approve ${name} ${this.digest}`,
      });
    }
    return all.filter(({ at }) => at >= planned);
  }
}

/**
 * What a new approval has brought, in words.
 *
 * @param approvals all of the plan, the new one among them
 */
export function approvedText(
  { digest, approver }: Approval,
  { approvals, planned, needed }: { readonly approvals: ReadonlyArray<Stored<Approval>>; readonly planned: Date; readonly needed: number },
): string {
  const count = countApprovals(approvals, planned);
  const isRepeated = approvals.filter(({ at, value }) => at >= planned && value.approver === approver).length > 1;
  const isCounted = count.approvers.includes(approver);
  const but = !isCounted ? ', which does not count beside the others' : isRepeated ? ' once more, which does not count again' : '';
  return `Plan ${digest} is approved by ${approver}${but}: ${countText(count, needed)}.`;
}

/** How far a plan is from being approved, in words. */
function countText({ approvers, outdated }: Count, needed: number): string {
  const before = outdated === 0 ? '' : `; ${outdated} from before it was planned again ${outdated === 1 ? 'does' : 'do'} not count`;
  return `${approvers.length} of ${needed} (${approvers.join(', ') || 'nobody'})${before}`;
}

function hours(milliseconds: number): string {
  return `${Math.floor(milliseconds / 3_600_000)}h${Math.floor((milliseconds / 60_000) % 60)}m`;
}
