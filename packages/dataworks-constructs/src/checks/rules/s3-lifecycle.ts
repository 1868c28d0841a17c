import { lifecycleProblems } from '../../private/lifecycle-problems';
import type { Check } from '../check';
import { CONTROLS } from '../controls';
import { choicesOf, daysFor, lifecycleOf, shownDays } from '../rendered-lifecycle';

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
    id: 'DataWorks-S3-NoncurrentRetention',
    type,
    rule: 'Noncurrent versions are kept as long as the construct said.',
    consequence: 'What was overwritten or deleted by mistake would be gone before anybody misses it.',
    fix: 'change versioning of the construct instead of its lifecycle',
    controls: CONTROLS.versioning,
    fault: (bucket) => {
      const { versioning } = bucket.intent.bucket ?? {};
      if (!versioning) return undefined;
      const said = versioning.noncurrentExpiration?.toDays() ?? Infinity;
      const newest = versioning.keepNewest ?? 0;
      const sooner = lifecycleOf(bucket).filter(
        ({ noncurrentExpiration, keepsNewest }) =>
          noncurrentExpiration !== undefined && !(noncurrentExpiration >= said && keepsNewest >= newest),
      );
      if (sooner.length === 0) return undefined;
      const found = sooner.map(
        ({ noncurrentExpiration, keepsNewest }) => `${shownDays(noncurrentExpiration)} and the newest ${keepsNewest}`,
      );
      return `${found.join('; ')}, said ${said === Infinity ? 'for ever' : said} and ${newest}`;
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
    rule: 'Objects are deleted at the age that the construct said, or never; logs are deleted some time.',
    consequence: 'Data would be deleted too early, which is irreversible, or kept and billed for ever against what was promised about it.',
    fix: 'change retention of the construct instead of its lifecycle',
    controls: CONTROLS.logRetention,
    fault: (bucket) => {
      const { bucket: intent } = bucket.intent;
      const days = daysFor(bucket, 'expiration');
      if (!intent) return bucket.template.receivesLogs(bucket.names) && days === undefined ? 'never' : undefined;
      const said = intent.retention?.toDays();
      if (days !== said) return `${days === undefined ? 'never' : `after ${shownDays(days)}`}, said ${said ?? 'never'}`;
      // Whichever objects a rule is about: those would be gone.
      const sooner = lifecycleOf(bucket).filter(({ expiration }) => expiration !== undefined && !(expiration >= (said ?? Infinity)));
      const found = sooner.map(({ expiration, filter }) => `${shownDays(expiration)}${filter && ` (${filter})`}`);
      return found.length === 0 ? undefined : `after ${found.join(', ')}, said ${said ?? 'never'}`;
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
      return days <= LONGEST_INCOMPLETE_UPLOAD ? undefined : `after ${shownDays(days)}`;
    },
  },
];
