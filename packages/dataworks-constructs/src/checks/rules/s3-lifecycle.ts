import { lifecycleProblems } from '../../private/lifecycle-problems';
import type { Check } from '../check';
import { CONTROLS } from '../controls';
import { choicesOf, daysFor } from '../rendered-lifecycle';

const type = 'AWS::S3::Bucket';

const LONGEST_INCOMPLETE_UPLOAD = 7;

export const S3_LIFECYCLE: readonly Check[] = [
  {
    id: 'DataWorks-S3-NoncurrentExpiry',
    type,
    rule: 'A versioned bucket deletes noncurrent versions some time.',
    consequence: 'Every version would be kept and billed for ever.',
    fix: 'pass Versioning.expiringAfter(…) to the construct, or Versioning.keepingAll(reason)',
    controls: CONTROLS.lifecycle,
    fault: (bucket) => {
      if (bucket.property('VersioningConfiguration', 'Status') !== 'Enabled') return undefined;
      return daysFor(bucket, 'noncurrentExpiration') === undefined ? 'no rule for the whole bucket' : undefined;
    },
  },
  {
    id: 'DataWorks-S3-Transitions',
    type,
    rule: 'Transitions and expirations are such as S3 accepts.',
    consequence: 'The deployment would fail, and a stack that is updated would roll back.',
    fix: 'pass transitions, retention and versioning to the construct: it says what is wrong with them',
    controls: CONTROLS.lifecycle,
    fault: (bucket) => {
      const problems = choicesOf(bucket).flatMap(lifecycleProblems);
      return problems.length === 0 ? undefined : problems.map(({ code, received }) => `${received} (${code})`).join('; ');
    },
  },
  {
    id: 'DataWorks-S3-Expiration',
    type,
    rule: 'Objects that the construct said expire do, and so do logs.',
    consequence: 'They would be kept and billed for ever, against what was promised about them.',
    fix: 'change retention of the construct instead of its lifecycle',
    controls: CONTROLS.logRetention,
    fault: (bucket) => {
      const { retention } = bucket.intent.bucket ?? {};
      if (!retention && !bucket.template.receivesLogs(bucket.names)) return undefined;
      const days = daysFor(bucket, 'expiration');
      if (days === undefined) return 'no rule for the whole bucket';
      return retention && days !== retention.toDays() ? `after ${days} days, said ${retention.toDays()}` : undefined;
    },
  },
  {
    id: 'DataWorks-S3-IncompleteUploads',
    type,
    rule: `Uploads that were not completed are removed after at most ${LONGEST_INCOMPLETE_UPLOAD} days.`,
    consequence: 'Their parts would be billed for ever, and no listing shows them.',
    fix: 'leave the rule abort-incomplete-uploads as the construct wrote it',
    controls: CONTROLS.lifecycle,
    fault: (bucket) => {
      const days = daysFor(bucket, 'abortsUploadsAfter');
      if (days === undefined) return 'no rule for the whole bucket';
      return days > LONGEST_INCOMPLETE_UPLOAD ? `after ${days} days` : undefined;
    },
  },
];
