import { strangersOf } from '../accounts';
import type { Case } from '../case';
import type { Check } from '../check';
import { CONTROLS } from '../controls';
import { at, flat, list } from '../json';
import { actingForAnybody, condition, conditionsOf, denies, exactly, matches, type Condition, type Statement } from '../statements';

const type = 'AWS::S3::Bucket';

/** A check of the bucket's policy; the check of the policy itself says when there is none. */
const ofStatements =
  (fault: (statements: readonly Statement[], bucket: Case) => string | undefined): Check['fault'] =>
  (bucket) =>
    bucket.bucketStatements && fault(bucket.bucketStatements, bucket);

/** What AWS asks to be kept from other accounts: with it they could take over the bucket, or open it. */
const TAKING_OVER = ['DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketPolicy', 'PutEncryptionConfiguration', 'PutObjectAcl'];

/** The bucket, and everything in it. */
const wholeBucket = ({ bucketArns }: Case): ReadonlyArray<readonly string[]> => [bucketArns, bucketArns.map((arn) => `${arn}/*`)];

const setsTlsFloor = (conditions: readonly Condition[]): boolean =>
  conditions.length === 1 &&
  conditions.every(
    ({ operator, key, values }) =>
      operator === 'NumericLessThan' && key === 's3:tlsversion' && values.some((version) => Number(version) >= 1.2),
  );

/**
 * Who can still ask when a statement allows everybody and has such a condition: somebody who is known.
 *
 * `aws:SourceIp` is not among them: an address is nobody.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const LIMITING = [
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
];

const limits = ({ operator, key, values }: Condition): boolean =>
  LIMITING.includes(key) && /^(String|Arn)(Equals|Like|EqualsIgnoreCase)$/.test(operator) && values.every((value) => !/[*?]/.test(value));

/** Whether a statement gives something to anybody. One that only the deployment decides (`Fn::If`) counts. */
export const opens = ({ effect, principals, inverted, conditions }: Statement): boolean =>
  effect !== 'Deny' &&
  (effect !== 'Allow' ||
    ((inverted || principals.includes('*')) && !conditions.some(limits)) ||
    // An identity provider vouches for its users, whoever made them.
    (conditions.length === 0 && principals.some((principal) => principal.startsWith('Federated '))));

export const S3_ACCESS: readonly Check[] = [
  {
    id: 'DataWorks-S3-PublicAccessBlock',
    type,
    rule: 'All four settings that block public access are on.',
    consequence: 'A policy or an ACL that opens the bucket to everybody would be accepted, and would work.',
    fix: 'leave publicAccessBlockConfiguration as the construct wrote it',
    controls: CONTROLS.publicAccess,
    fault: (bucket) => {
      const settings = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
      const off = settings.filter((setting) => bucket.property('PublicAccessBlockConfiguration', setting) !== true);
      return off.length === 0 ? undefined : `${off.join(', ')} not true`;
    },
  },
  {
    id: 'DataWorks-S3-ObjectOwnership',
    type,
    rule: 'The bucket owner owns every object, and ACLs are off.',
    consequence: 'Whoever writes an object may own it, and may share it by an ACL that no policy shows.',
    fix: 'leave ownershipControls as the construct wrote it',
    controls: CONTROLS.acls,
    fault: (bucket) => {
      const rules = list(bucket.property('OwnershipControls', 'Rules'));
      if (rules.length === 1 && at(rules[0], 'ObjectOwnership') === 'BucketOwnerEnforced') return undefined;
      return `ObjectOwnership ${rules.map((rule) => flat(at(rule, 'ObjectOwnership'))).join(', ') || 'not given'}`;
    },
  },
  {
    id: 'DataWorks-S3-BucketPolicy',
    type,
    rule: 'The bucket has one policy, whatever the parameters of the deployment.',
    consequence:
      'Without it nothing denies plain HTTP, old TLS or foreign keys; with two, the one that is deployed last replaces the other.',
    fix: 'keep the policy of the construct, and add statements by bucket.addToResourcePolicy(…)',
    controls: CONTROLS.tls,
    fault: ({ bucketPolicies: { length } }) => (length === 1 ? undefined : `${length === 0 ? 'no' : length} policies`),
  },
  {
    id: 'DataWorks-S3-PlainHttp',
    type,
    rule: 'Requests without TLS are denied to everybody.',
    consequence: 'Data and signatures would travel readable.',
    fix: 'leave the statement with aws:SecureTransport as the construct wrote it',
    controls: CONTROLS.tls,
    fault: ofStatements((statements, bucket) => {
      const conditions = exactly(condition('Bool', 'aws:SecureTransport', 'false'));
      return denies(statements, { actions: ['s3:*'], resources: wholeBucket(bucket), conditions }) ? undefined : 'no such denial';
    }),
  },
  {
    id: 'DataWorks-S3-TlsFloor',
    type,
    rule: 'TLS below 1.2 is denied to everybody.',
    consequence: 'A client could be talked down to a version of TLS that is broken.',
    fix: 'leave the statement with s3:TlsVersion as the construct wrote it',
    controls: CONTROLS.tls,
    fault: ofStatements((statements, bucket) =>
      denies(statements, { actions: ['s3:*'], resources: wholeBucket(bucket), conditions: setsTlsFloor }) ? undefined : 'no such denial',
    ),
  },
  {
    id: 'DataWorks-S3-OpenPolicy',
    type,
    rule: 'No statement of the policy allows everybody.',
    consequence: 'Anybody on the internet could do what the statement allows, as soon as public access is no longer blocked.',
    fix: 'name the principals, or limit the statement by aws:PrincipalOrgID, aws:SourceVpce or the like, with values without wildcards',
    controls: CONTROLS.openPolicy,
    fault: ofStatements((statements) => {
      const open = statements.filter(opens);
      return open.length === 0 ? undefined : open.map(({ actions }) => actions.join(', ')).join('; ');
    }),
  },
  {
    id: 'DataWorks-S3-OtherAccounts',
    type,
    rule: 'Another account gets objects at most, and never the settings of the bucket.',
    consequence: 'It could open the bucket to everybody, or take it over.',
    fix: 'grant objects by the bucket; in a stack without an environment, give it one: its own account is not known otherwise',
    controls: CONTROLS.otherAccounts,
    fault: ofStatements((statements, bucket) => {
      const found = statements
        .filter(
          ({ effect, actions }) =>
            effect !== 'Deny' && TAKING_OVER.some((action) => actions.some((pattern) => matches(pattern, `s3:${action.toLowerCase()}`))),
        )
        .flatMap((statement) => strangersOf(bucket, statement).map((stranger) => `${stranger}: ${statement.actions.join(', ')}`));
      return found.join('; ') || undefined;
    }),
  },
  {
    id: 'DataWorks-S3-ServiceAccess',
    type,
    rule: 'AWS services come only for an account or a resource that is named.',
    consequence: 'Anybody could make the service work on the bucket for him (confused deputy).',
    fix: 'limit the statement by aws:SourceAccount, aws:SourceArn or aws:SourceOrgID',
    controls: CONTROLS.leastPrivilege,
    fault: ofStatements((statements) => {
      const unlimited = actingForAnybody(statements).map(({ services }) => services.join(', '));
      return unlimited.join('; ') || undefined;
    }),
  },
  {
    id: 'DataWorks-S3-LogDelivery',
    type,
    rule: 'S3 may deliver the access log of every bucket that logs there.',
    consequence: 'Logs would be lost, and nobody would be told.',
    fix: 'leave the statements for logging.s3.amazonaws.com as the constructs wrote them',
    controls: CONTROLS.logging,
    fault: ofStatements((statements, bucket) => {
      const missing = (bucket.intent.deliveries ?? [])
        .map((delivery) => bucket.written(delivery.toStatementJson()))
        .filter((json) => {
          const resource = flat(at(json, 'Resource'));
          const meant = exactly(...conditionsOf(at(json, 'Condition')));
          return !statements.some(
            ({ effect, services, actions, resources, conditions }) =>
              effect === 'Allow' &&
              services.includes('logging.s3.amazonaws.com') &&
              actions.includes('s3:putobject') &&
              resources.includes(resource) &&
              meant(conditions),
          );
        });
      return missing.map((json) => flat(at(json, 'Resource'))).join(', ') || undefined;
    }),
  },
  {
    id: 'DataWorks-S3-RestrictedPrefix',
    type,
    rule: 'Restricted prefixes are denied to everybody but their owners.',
    consequence: 'Whoever has rights by IAM could read, write and delete objects there.',
    fix: 'change restrictedPrefixes of the construct instead of its policy',
    controls: CONTROLS.leastPrivilege,
    fault: ofStatements((statements, bucket) => {
      const missing = (bucket.intent.bucket?.restrictions ?? [])
        .map((restriction) => bucket.written(restriction.toStatementJson()))
        .filter((json) => {
          const resources = list(at(json, 'Resource')).map((resource) => [flat(resource)]);
          const actions = list(at(json, 'Action')).map(flat);
          return !denies(statements, { actions, resources, conditions: exactly(...conditionsOf(at(json, 'Condition'))) });
        });
      return missing.length === 0 ? undefined : `no such denial for ${missing.map((json) => flat(at(json, 'Resource'))).join(', ')}`;
    }),
  },
  {
    id: 'DataWorks-S3-Tags',
    type,
    rule: 'The bucket carries the tags of its zone.',
    consequence: 'Policies, audits and bills that go by tags would miss it.',
    fix: 'leave the tags as the construct wrote them',
    controls: CONTROLS.inventory,
    fault: missingTags,
  },
];

export function missingTags(resource: Case): string | undefined {
  const given = new Set(
    list(resource.property('Tags'))
      .filter((tag) => flat(at(tag, 'Value')) !== '')
      .map((tag) => flat(at(tag, 'Key'))),
  );
  const missing = (resource.intent.tags ?? []).filter((key) => !given.has(key));
  return missing.length === 0 ? undefined : `without ${missing.join(', ')}`;
}
