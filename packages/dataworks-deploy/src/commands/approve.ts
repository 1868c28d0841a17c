import type { CommonOptions } from './common-options';
import { openBundle, refuseOtherEnvironment } from '../apply/bundle-source';
import { UNKNOWN, type Approval } from '../approval/approval';
import { Approvals, approvedText } from '../approval/approvals';
import { approverOf } from '../approval/approver';
import { askWhoPressed } from '../approval/ci-approver';
import { countApprovals } from '../approval/count';
import { objectsIn } from '../aws/objects';
import { Buckets } from '../aws/s3';
import { callerFor } from '../bootstrap/preflight';
import { ciJobOf } from '../ci-job';
import { targetOf } from '../config/target';
import type { Terminal } from '../terminal';

/** `dataworks approve <environment> <digest>`. */
export async function approve(name: string, digest: string, { config, json = false }: CommonOptions, terminal: Terminal): Promise<number> {
  const target = targetOf(name, config);
  const { environment, names } = target;
  const { arn } = await callerFor(target);
  const buckets = new Buckets(environment.region, environment.account);
  const approvals = new Approvals(target, buckets, digest);
  const planned = await approvals.planned();
  const bundle = await openBundle(digest, buckets, names);
  bundle.dispose();
  refuseOtherEnvironment(bundle.plan, environment);

  const job = ciJobOf(process.env);
  const pressed = job && (await askWhoPressed(job, process.env));
  const approval: Approval = {
    formatVersion: 1,
    digest: bundle.plan.digest,
    environment: name,
    approver: job && pressed === undefined ? UNKNOWN : approverOf(arn, pressed, names.deployerRole),
    arn,
    ...(job && { job: { url: job.url, name: job.name, workflowId: job.workflowId } }),
    at: new Date().toISOString(),
  };
  const key = await approvals.add(objectsIn({ ...environment, bucket: names.stateBucket }), approval);
  const all = await approvals.all();
  const { approvals: needed } = environment;
  if (json) terminal.out(JSON.stringify({ ...approval, key, approvers: countApprovals(all, planned).approvers, needed }, undefined, 2));
  else terminal.out(approvedText(approval, { approvals: all, planned, needed }));
  return 0;
}
