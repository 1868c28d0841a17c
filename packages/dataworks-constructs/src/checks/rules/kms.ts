import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { missingTags, opens } from './s3-access';
import { lost } from './s3-protection';
import { CRYPTOGRAPHY_AND_GRANTS } from '../../private/key-policy';
import { callersOf, strangersOf } from '../accounts';
import type { Case } from '../case';
import type { Check } from '../check';
import { CONTROLS } from '../controls';
import { at, flat, list, number } from '../json';
import { actingForAnybody, denies, exactly, statementsOf, type Statement } from '../statements';

const type = 'AWS::KMS::Key';

const statementsOfKey = (key: Case): Statement[] => statementsOf(key.property('KeyPolicy'));

const arnsOf = (key: Case, principals: readonly IPrincipal[]): string[] =>
  principals.flatMap(({ policyFragment }) => list(at(key.written(policyFragment.principalJson), 'AWS')).map(flat));

/** Only for objects in S3: how the constructs grant. Who is named needs no limit to his account. */
const onlyThroughS3 = ({ conditions }: Statement): boolean =>
  conditions.some(({ key, operator, values }) => key === 'kms:viaservice' && operator === 'StringEquals' && !values.includes('*'));

function otherAccounts(key: Case): string[] {
  const { administrators = [], deploymentRoles = [] } = key.intent.key ?? {};
  const named = new Set(arnsOf(key, [...administrators, ...deploymentRoles]));
  return statementsOfKey(key)
    .filter((statement) => statement.effect !== 'Deny' && !onlyThroughS3(statement))
    .flatMap((statement) => strangersOf(key, statement))
    .filter((principal) => !named.has(principal));
}

/** What limits a service to one resource that it encrypts for; CloudWatch Logs sends no source. */
const PURPOSES = ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'kms:encryptioncontext:aws:logs:arn'];

export const KMS: readonly Check[] = [
  {
    id: 'DataWorks-KMS-OpenPolicy',
    type,
    rule: 'No statement of the key policy allows everybody.',
    consequence: 'Anybody with an AWS account could use or manage the key.',
    fix: 'name the principals, or limit the statement by kms:CallerAccount or aws:PrincipalOrgID',
    controls: CONTROLS.otherAccounts,
    fault: (key) => {
      const open = statementsOfKey(key).filter(opens);
      return open.length === 0 ? undefined : open.map(({ actions }) => actions.join(', ')).join('; ');
    },
  },
  {
    id: 'DataWorks-KMS-OtherAccounts',
    type,
    rule: 'Another account gets no more than the use of the key through S3.',
    consequence: 'Its administrators would decide who may use or manage the key.',
    fix: 'grant by the bucket or by grantDecryptThroughS3; in a stack without an environment, give it one: its own account is not known otherwise',
    controls: CONTROLS.otherAccounts,
    fault: (key) => otherAccounts(key).join(', ') || undefined,
  },
  {
    id: 'DataWorks-KMS-ServiceAccess',
    type,
    rule: 'AWS services come only for an account or a resource that is named.',
    consequence: 'Anybody could make the service use the key for him (confused deputy).',
    fix: 'grant by the bucket, by grantCloudTrail or by grantLogGroup, or limit the statement by aws:SourceAccount, aws:SourceArn or aws:SourceOrgID',
    controls: CONTROLS.leastPrivilege,
    fault: (key) => {
      const unlimited = actingForAnybody(statementsOfKey(key), PURPOSES).map(({ services }) => services.join(', '));
      return unlimited.join('; ') || undefined;
    },
  },
  {
    id: 'DataWorks-KMS-SeparationOfDuties',
    type,
    rule: 'The administrators of the key are denied all use of it, and CreateGrant.',
    consequence: 'Who manages the key could read the data, against the separation of duties that the construct was asked for.',
    fix: 'leave the statement AdministratorsUseNothing as the construct wrote it',
    controls: CONTROLS.leastPrivilege,
    fault: (key) => {
      const principals = arnsOf(key, key.intent.key?.administrators ?? []);
      if (principals.length === 0) return undefined;
      const demand = { principals, actions: CRYPTOGRAPHY_AND_GRANTS, resources: [['*']], conditions: exactly() };
      return denies(statementsOfKey(key), demand) ? undefined : 'no such denial';
    },
  },
  {
    id: 'DataWorks-KMS-KeyPolicyOnly',
    type,
    rule: 'A key that its own policy alone governs does not delegate to the account.',
    consequence: 'Every administrator of IAM in the account could give himself the use of the key.',
    fix: 'leave keyPolicyOnly out of the construct, or the statement out of the policy',
    controls: CONTROLS.leastPrivilege,
    fault: (key) => {
      if (!key.intent.key?.keyPolicyOnly) return undefined;
      const delegates = statementsOfKey(key).some(
        (statement) =>
          statement.effect !== 'Deny' &&
          callersOf(statement).some((principal) => /:root$|^\*$|^\d{12}$|^<AWS::AccountId>$/.test(principal)),
      );
      return delegates ? 'a statement allows the account' : undefined;
    },
  },
  {
    id: 'DataWorks-KMS-RotationPeriod',
    type,
    rule: 'The key rotates as often as the construct said.',
    consequence: 'More data than agreed would depend on the same key material.',
    fix: 'change rotationPeriod of the construct instead of its properties',
    controls: CONTROLS.keyRotation,
    fault: (key) => {
      const { rotationPeriod } = key.intent.key ?? {};
      if (!rotationPeriod) return undefined;
      const period = number(key.property('RotationPeriodInDays')) ?? 365; // KMS's own default
      return period <= rotationPeriod.toDays() ? undefined : `every ${period} days`;
    },
  },
  {
    id: 'DataWorks-KMS-PendingWindow',
    type,
    rule: 'A deletion of the key can be cancelled as long as the construct said, at least 7 days.',
    consequence: 'A deletion by mistake would be found too late, and all that was encrypted with the key is lost.',
    fix: 'change pendingWindow of the construct instead of its properties',
    controls: CONTROLS.keyLoss,
    fault: (key) => {
      const window = number(key.property('PendingWindowInDays')) ?? 30; // KMS's own default
      return window >= (key.intent.key?.pendingWindow.toDays() ?? 7) ? undefined : `${window} days`;
    },
  },
  {
    id: 'DataWorks-KMS-Enabled',
    type,
    rule: 'The key is enabled.',
    consequence: 'Nothing that was encrypted with it could be read or written.',
    fix: 'leave enabled as the construct wrote it',
    controls: CONTROLS.keyLoss,
    fault: (key) => ([undefined, true].includes(key.property('Enabled') as boolean | undefined) ? undefined : 'it is not'),
  },
  {
    id: 'DataWorks-KMS-Retained',
    type,
    rule: 'The key outlives its stack, where the construct said so.',
    consequence: 'Its deletion would begin with that of the stack, and all that was encrypted with the key is lost.',
    fix: 'pass removalPolicy to the construct',
    controls: CONTROLS.keyLoss,
    fault: (key) => (key.intent.key?.retained ? lost(key.rendered) : undefined),
  },
  {
    id: 'DataWorks-KMS-Tags',
    type,
    rule: 'The key carries the tags of its lake.',
    consequence: 'Policies, audits and bills that go by tags would miss it.',
    fix: 'leave the tags as the construct wrote them',
    controls: CONTROLS.inventory,
    fault: missingTags,
  },
];
