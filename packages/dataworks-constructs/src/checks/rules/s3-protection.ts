import type { Case } from '../case';
import type { Check } from '../check';
import { CONTROLS } from '../controls';
import { at, flat, list } from '../json';

const type = 'AWS::S3::Bucket';

/** What a stack leaves behind of a resource; undefined: all of it. */
export function lost({ DeletionPolicy, UpdateReplacePolicy }: Case['rendered']): string | undefined {
  const kept = ['Retain', 'RetainExceptOnCreate'].includes(flat(DeletionPolicy)) && UpdateReplacePolicy === 'Retain';
  if (kept) return undefined;
  return `DeletionPolicy ${flat(DeletionPolicy) || 'not given'}, UpdateReplacePolicy ${flat(UpdateReplacePolicy) || 'not given'}`;
}

const destinationOf = (bucket: Case): string => flat(bucket.property('LoggingConfiguration', 'DestinationBucketName'));

/** Days that versions stay locked. */
function lockedFor(bucket: Case): number {
  const retention = bucket.property('ObjectLockConfiguration', 'Rule', 'DefaultRetention');
  return Number(at(retention, 'Days') ?? Number(at(retention, 'Years')) * 365);
}

export const S3_PROTECTION: readonly Check[] = [
  {
    id: 'DataWorks-S3-AccessLogs',
    type,
    rule: 'The access log goes where the construct said.',
    consequence: 'Nobody could tell afterwards who read or changed the data.',
    fix: 'pass the log bucket to the construct, and leave loggingConfiguration as it wrote it',
    controls: CONTROLS.logging,
    fault: (bucket) => {
      const destination = destinationOf(bucket);
      const found = destination === '' ? 'no access log' : `goes to ${destination}`;
      const { bucket: intent } = bucket.intent;
      if (!intent) return destination !== '' || bucket.template.receivesLogs(bucket.names) ? undefined : found;
      return !intent.accessLogs || destination === flat(bucket.written(intent.accessLogs.bucketName)) ? undefined : found;
    },
  },
  {
    id: 'DataWorks-S3-LogsIntoItself',
    type,
    rule: 'A bucket does not write its access log into itself.',
    consequence: 'Every delivery of the log would be logged, for ever.',
    fix: 'log to an AccessLogsBucket',
    controls: CONTROLS.logging,
    fault: (bucket) => {
      const logging = bucket.property('LoggingConfiguration');
      if (logging === undefined) return undefined;
      return ['', ...bucket.names].includes(destinationOf(bucket)) ? 'it does' : undefined; // no destination is the bucket itself
    },
  },
  {
    id: 'DataWorks-S3-Retained',
    type,
    rule: 'The bucket outlives its stack, where the construct said so.',
    consequence: 'An empty bucket would go with its stack, and its name could be taken by a stranger.',
    fix: 'pass removalPolicy to the construct',
    controls: CONTROLS.dataLoss,
    fault: (bucket) => (bucket.intent.bucket?.retained ? lost(bucket.rendered) : undefined),
  },
  {
    id: 'DataWorks-S3-ObjectLock',
    type,
    rule: 'Versions are locked as strictly and as long as the construct said.',
    consequence: 'They could be deleted or overwritten before their time.',
    fix: 'change objectLock of the construct instead of its properties',
    controls: CONTROLS.objectLock,
    fault: (bucket) => {
      const { objectLock } = bucket.intent.bucket ?? {};
      if (!objectLock) return undefined;
      const mode = flat(bucket.property('ObjectLockConfiguration', 'Rule', 'DefaultRetention', 'Mode'));
      const strict = mode === 'COMPLIANCE' || mode === objectLock.mode.toString();
      const locked = bucket.property('ObjectLockEnabled') === true && strict && lockedFor(bucket) >= objectLock.duration.toDays();
      return locked ? undefined : `locked: ${mode || 'not at all'}, ${lockedFor(bucket)} days`;
    },
  },
  {
    id: 'DataWorks-S3-Replication',
    type,
    rule: 'Every object is replicated to where the construct said.',
    consequence: 'There would be no second copy, and nobody would notice until it is needed.',
    fix: 'change replicateTo of the construct instead of its properties',
    controls: CONTROLS.replication,
    fault: (bucket) => {
      const { replica } = bucket.intent.bucket ?? {};
      if (!replica) return undefined;
      const rules = list(bucket.property('ReplicationConfiguration', 'Rules'));
      const serves = rules.some(
        (rule) =>
          at(rule, 'Status') === 'Enabled' &&
          flat(at(rule, 'Destination', 'Bucket')) === flat(bucket.written(replica.bucketArn)) &&
          ['', '{}'].includes(flat(at(rule, 'Filter') ?? at(rule, 'Prefix')).replace('{"Prefix":""}', '')),
      );
      return serves ? undefined : 'no such rule';
    },
  },
];
