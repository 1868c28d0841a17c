import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendNames } from '@dataworks/backend-bootstrap';
import { packBundle, readBundle } from './bundle';
import { SUMMARY_FILE } from './bundle-layout';
import type { Buckets } from '../../aws/s3';
import { Fault } from '../../fault';
import { scratchFolder } from '../../scratch';
import { PLAN_FAULTS } from '../faults';
import type { Plan } from '../plan';
import { serialise } from '../plan-format';
import { markdownReport } from '../report/report';
import { htmlReport } from '../report/report-html';

export interface Upload {
  /** Folder of the bundle. */
  readonly directory: string;
  readonly plan: Plan;
  readonly names: Pick<BackendNames, 'plansPrefix' | 'stateBucket'>;
  readonly buckets: Pick<Buckets, 'bytes' | 'putOnce'>;
  /** Whose credentials these are. */
  readonly caller: string;
  readonly now: Date;
}

/**
 * Store a plan under its digest, once, and that it was planned now. Whoever planned the same before has stored the same. The time comes
 * last: a plan without one cannot be approved. Throws DW3233 when something else is in its place.
 */
export async function uploadPlan({ directory, plan, names, buckets, caller, now }: Upload): Promise<void> {
  const bucket = names.stateBucket;
  const prefix = `${names.plansPrefix}${plan.digest}/`;
  const scratch = scratchFolder('upload');
  try {
    const archive = join(scratch.path, 'bundle.tgz');
    await packBundle(directory, archive);
    if (!(await buckets.putOnce(bucket, `${prefix}bundle.tgz`, readFileSync(archive), 'application/gzip'))) {
      writeFileSync(archive, (await buckets.bytes(bucket, `${prefix}bundle.tgz`)) ?? '');
      await refuseOther(archive, plan.digest, `${prefix}bundle.tgz`);
    }
  } finally {
    scratch.remove();
  }
  await putSame(buckets, bucket, `${prefix}${SUMMARY_FILE}`, readFileSync(join(directory, SUMMARY_FILE), 'utf8'), 'application/json');
  await putSame(buckets, bucket, `${prefix}report.md`, markdownReport(plan), 'text/markdown; charset=utf-8');
  await putSame(buckets, bucket, `${prefix}report.html`, htmlReport(plan), 'text/html; charset=utf-8');
  const time = now.toISOString();
  const planned = serialise({ formatVersion: 1, digest: plan.digest, at: time, by: caller });
  await buckets.putOnce(bucket, `${prefix}planned/${time.replaceAll(':', '-')}.json`, planned, 'application/json');
}

async function refuseOther(archive: string, digest: string, key: string): Promise<void> {
  try {
    (await readBundle(archive, digest)).dispose();
  } catch (error) {
    if (error instanceof Fault) throw new Fault(PLAN_FAULTS.uploadRefused, { received: `${key}: ${error.code} ${error.received}` });
    throw error;
  }
}

async function putSame(buckets: Upload['buckets'], bucket: string, key: string, text: string, contentType: string): Promise<void> {
  if (await buckets.putOnce(bucket, key, text, contentType)) return;
  const there = Buffer.from((await buckets.bytes(bucket, key)) ?? '').toString('utf8');
  if (there !== text) throw new Fault(PLAN_FAULTS.uploadRefused, { received: key });
}
