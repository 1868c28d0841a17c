import type { CommonOptions } from './common-options';
import { openBundle, refuseOtherEnvironment } from '../apply/bundle-source';
import { AccountDeployer } from '../apply/deployer';
import { placeOf } from '../apply/place';
import { refuseOutOfOrder } from '../apply/predecessor';
import { stopSignal } from '../apply/stop-signal';
import { applyWithLock } from '../apply/with-lock';
import type { Approval } from '../approval/approval';
import { Approvals } from '../approval/approvals';
import { Buckets } from '../aws/s3';
import { targetStacksOf } from '../aws/target-stacks';
import { callerFor } from '../bootstrap/preflight';
import { ciJobOf } from '../ci-job';
import { targetOf } from '../config/target';
import type { LockRequest } from '../lock/lock';
import { lockServicesOf } from '../lock/services-in';
import type { DeploymentRecord, RecordedApproval } from '../record/record';
import { RecordStore } from '../record/store';
import { reportError } from '../report-error';
import type { Terminal } from '../terminal';

export interface ApplyOptions extends CommonOptions {
  /** Seconds. */
  readonly lockTimeout: number;
}

/** `dataworks apply <environment> <digest|folder>`. */
export async function apply(name: string, source: string, options: ApplyOptions, terminal: Terminal): Promise<number> {
  const target = targetOf(name, options.config);
  const { environment, names } = target;
  const { arn } = await callerFor(target);
  const buckets = new Buckets(environment.region, environment.account);
  const bundle = await openBundle(source, buckets, names);
  try {
    const { plan } = bundle;
    refuseOtherEnvironment(plan, environment);
    const services = lockServicesOf(target);
    const store = new RecordStore(services);
    const open = (digest: string) => openBundle(digest, buckets, names);
    const before = environment.after === undefined ? undefined : targetOf(environment.after, options.config);
    const judge = async () => {
      const approvals = await new Approvals(target, buckets, plan.digest).sufficient();
      await refuseOutOfOrder(plan, { before, store, open });
      return approvals.map(({ value }) => recorded(value));
    };
    await judge(); // nobody waits for the lock in vain

    const job = ciJobOf(process.env);
    const stop = stopSignal(terminal.err);
    const deployer = new AccountDeployer({
      bundle,
      caller: arn,
      deployRoleArn: names.roleArn(names.cdkDeployRole),
      open,
      stop: stop.signal,
      tell: terminal.err,
    });
    const lock: LockRequest = {
      services,
      operation: 'apply',
      reason: `plan ${plan.digest}`,
      who: arn,
      job,
      targets: targetStacksOf(plan.stacks.map(placeOf), deployer.stacksFor),
      timeout: options.lockTimeout,
      stop: stop.signal,
      tell: terminal.err,
    };
    const { record, fault, isOld, unreleased } = await applyWithLock(lock, {
      plan,
      judge,
      by: { arn, ...(job && { job: job.url }) },
      store,
      deployer,
      stop: stop.signal,
      now: () => new Date(),
      tell: terminal.err,
    }).finally(stop.dispose);
    const tellUnreleased = () => (unreleased ? reportError(unreleased, { terminal, json: false, environment: name }) : 0);
    if (fault) {
      tellUnreleased();
      throw fault;
    }
    const left = unreleased && { unreleased: unreleased.message.replaceAll('<environment>', () => name) };
    terminal.out(options.json ? JSON.stringify({ alreadyApplied: isOld, record, ...left }, undefined, 2) : summary(record, isOld));
    return tellUnreleased();
  } finally {
    bundle.dispose();
  }
}

function recorded({ arn, approver, at, job }: Approval): RecordedApproval {
  return { arn, approver, at, ...(job && { job: job.url }) };
}

function summary({ serial, result, environment, stacks }: DeploymentRecord, isOld: boolean): string {
  const words = { succeeded: 'is applied', noChanges: 'changes nothing', failed: 'failed' }[result];
  const lines = stacks.map(({ name, status, changeSet }) => `  ${name}: ${status}${changeSet === undefined ? ', unchanged' : ''}`);
  return [`The plan ${words}: serial ${serial} of ${environment}${isOld ? ', recorded by an earlier run' : ''}.`, ...lines].join('\n');
}
