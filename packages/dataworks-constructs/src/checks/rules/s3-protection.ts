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

/** Whether a rule of a replication copies every object, by this key if there is one, and no deletion. */
const replicatesAll = (rule: unknown, key: string): boolean =>
  at(rule, 'Status') === 'Enabled' &&
  ['', '{}'].includes(flat(at(rule, 'Filter') ?? at(rule, 'Prefix')).replace('{"Prefix":""}', '')) &&
  flat(at(rule, 'Destination', 'EncryptionConfiguration', 'ReplicaKmsKeyID')) === key &&
  (key === '' || at(rule, 'SourceSelectionCriteria', 'SseKmsEncryptedObjects', 'Status') === 'Enabled') &&
  at(rule, 'DeleteMarkerReplication', 'Status') !== 'Enabled';

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
      if (!intent.accessLogs) return undefined;
      if (destination !== flat(bucket.written(intent.accessLogs.bucketName))) return found;
      // The log bucket lets S3 deliver there and nowhere else.
      const prefix = flat(bucket.property('LoggingConfiguration', 'LogFilePrefix'));
      return prefix === flat(bucket.written(intent.accessLogsPrefix ?? '')) ? undefined : `${found}, under ${prefix || 'no prefix'}`;
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
    rule: 'The bucket and its policy outlive their stack, where the construct said so.',
    consequence: 'An empty bucket would go with its stack, and a bucket that stays without its policy takes plain HTTP and any encryption.',
    fix: 'pass removalPolicy to the construct',
    controls: CONTROLS.dataLoss,
    fault: (bucket) => {
      if (!bucket.intent.bucket?.retained) return undefined;
      const { bucketPolicies: policies } = bucket;
      const policyLost = policies.length === 1 ? lost(policies[0]) : undefined;
      return lost(bucket.rendered) ?? (policyLost && `the policy: ${policyLost}`);
    },
  },
  {
    id: 'DataWorks-S3-Events',
    type,
    rule: 'Object events go to EventBridge, where the construct said so.',
    consequence: 'Whatever waits for a file would wait for ever, and nobody would be told.',
    fix: 'react by a rule of EventBridge; if bucket.addEventNotification(…) is needed, call bucket.enableEventBridgeNotification() too',
    controls: CONTROLS.monitoring,
    fault: (bucket) => {
      if (!bucket.intent.bucket?.events) return undefined;
      if (bucket.property('NotificationConfiguration', 'EventBridgeConfiguration', 'EventBridgeEnabled') !== true) return 'they do not';
      // The Lambda function of CDK's notifications replaces all that the bucket says of its own.
      const silenced = bucket.template
        .notificationsOf(bucket.names)
        .some((notifications) => at(notifications, 'EventBridgeConfiguration') === undefined);
      return silenced ? 'notifications that CDK adds take them away' : undefined;
    },
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
    rule: 'Every object is replicated to where the construct said, by the key and the role that it said, and to nowhere else.',
    consequence: 'There would be no second copy, and nobody would notice until it is needed; or one with somebody who must not have it.',
    fix: 'change replicateTo of the construct instead of its properties',
    controls: CONTROLS.replication,
    fault: (bucket) => {
      const { bucket: intent } = bucket.intent;
      if (!intent) return undefined;
      const rules = list(bucket.property('ReplicationConfiguration', 'Rules')).filter((rule) => at(rule, 'Status') !== 'Disabled');
      const { replication } = intent;
      const written = (value: string | undefined): string => flat(bucket.written(value));
      const destination = written(replication?.destination.bucketArn);
      const elsewhere = rules.map((rule) => flat(at(rule, 'Destination', 'Bucket'))).filter((found) => found !== destination);
      if (elsewhere.length > 0) return `goes to ${elsewhere.join(', ')}, said ${destination || 'nowhere'}`;
      if (!replication) return undefined;

      const role = flat(bucket.property('ReplicationConfiguration', 'Role'));
      if (role !== written(replication.role.roleArn)) return `by ${role || 'no role'}`;
      return rules.some((rule) => replicatesAll(rule, written(replication.key?.keyArn))) ? undefined : 'no such rule';
    },
  },
];
