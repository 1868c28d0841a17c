import { isDeepStrictEqual } from 'node:util';
import { FINDINGS, type Finding, type FindingKind } from './findings';
import type { ByName, HeldBucket, Landscape, RecoverableTable, StackSettings } from './landscape';
import { differencesOf } from './policy-document';
import type { RoleSettings } from '../aws/iam';
import type { LifecycleSettings } from '../aws/s3';
import { nextStep } from '../bootstrap/next-step';
import { variantOf, type NeededBucket } from '../bootstrap/preflight';
import type { Template } from '../template/template';

/** What of the environment the fixes name. */
export interface JudgedEnvironment {
  /** Name of the environment. */
  readonly environment: string;
  /** Name of the parameter with the version of the CDK bootstrap. */
  readonly versionParameter: string;
  readonly toolkitStack: string;
  /** Key of dataworks.json that gives a bucket another name. */
  readonly renamedBy: (bucket: string) => NeededBucket['renamedBy'];
}

/** With these, what the stack should have made is no finding of its own: bootstrap makes it. */
const UNUSABLE: readonly string[] = [FINDINGS.stackMissing.code, FINDINGS.stackUnfinished.code, FINDINGS.toolkitForeign.code];

/** Everything of a stack that is not as expected. */
export function judge(expected: Landscape, observed: Landscape, of: JudgedEnvironment): Finding[] {
  const ofStack = each(expected.stacks, observed.stacks, (name, wanted, found) => stackFindings(name, wanted, found, of));
  if (ofStack.some(({ code }) => UNUSABLE.includes(code))) return ofStack;
  return [
    ...ofStack,
    ...each(expected.buckets, observed.buckets, (name, wanted, found) => bucketFindings(name, wanted, found, of)),
    ...each(expected.tables, observed.tables, tableFindings),
    ...each(expected.roles, observed.roles, (name, wanted, found) => roleFindings(name, wanted, found, of)),
    ...each(expected.policies, observed.policies, policyFindings),
    ...each(expected.providers, observed.providers, providerFindings),
    ...each(expected.parameters, observed.parameters, (name, wanted, found) => parameterFindings(name, wanted, found, of)),
  ];
}

/** The shell takes it as one word. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What was deleted comes back when its stack is made again: CloudFormation does not see that a resource of its own is gone. */
const recreate = (what: string): string =>
  `create it again as the template of its stack describes it (${what}), or remove the stack with dataworks bootstrap --destroy and bootstrap again`;

function each<T>(
  expected: ByName<T>,
  observed: ByName<T>,
  findings: (name: string, wanted: T, found: T | undefined) => Finding[],
): Finding[] {
  return Object.entries(expected).flatMap(([name, wanted]) => (wanted === undefined ? [] : findings(name, wanted, observed[name])));
}

type Difference = readonly [kind: FindingKind, found: unknown, expected: unknown, fix: string];

/** The differences that are any. */
function differing(subject: string, differences: readonly Difference[]): Finding[] {
  return differences
    .filter(([, found, expected]) => !isDeepStrictEqual(found, expected))
    .map(([kind, found, expected, fix]) => ({ ...kind, subject, found: shown(found), expected: shown(expected), fix, isNote: false }));
}

function finding(kind: FindingKind, subject: string, found: string, expected: string, fix: string): Finding {
  return { ...kind, subject, found, expected, fix, isNote: false };
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function stackFindings(name: string, wanted: StackSettings, found: StackSettings | undefined, of: JudgedEnvironment): Finding[] {
  const again = `dataworks bootstrap ${of.environment}`;
  if (!found) return [finding(FINDINGS.stackMissing, name, 'none', 'a deployed stack', again)];
  if (nextStep(found.status) !== 'update') {
    const fix = nextStep(found.status) === 'wait' ? `wait until CloudFormation has ended, then ${again}` : again;
    return [finding(FINDINGS.stackUnfinished, name, found.status, 'CREATE_COMPLETE or UPDATE_COMPLETE', fix)];
  }
  const variant = [found, wanted].map(({ template }) => variantOf((template ?? { Resources: {} }) as Template));
  if (name === of.toolkitStack && variant[0] !== variant[1]) {
    const fix = 'set another `qualifier` in dataworks.json, or delete that stack when nothing is deployed with it; then ' + again;
    return [finding(FINDINGS.toolkitForeign, name, shown(variant[0]), shown(variant[1]), fix)];
  }
  const isCurrent = isDeepStrictEqual([found.template, found.tags], [wanted.template, wanted.tags]);
  return differing(name, [
    [FINDINGS.stackOutdated, isCurrent ? 'the expected template' : differentResources(found, wanted), 'the expected template', again],
    [FINDINGS.stackUnprotected, found.terminationProtection, wanted.terminationProtection, again],
    [
      FINDINGS.stackDrifted,
      found.drifted,
      wanted.drifted,
      `aws cloudformation describe-stack-resource-drifts --stack-name ${name}, then undo what it names`,
    ],
  ]);
}

/** Logical ids of what differs between two templates; their tags, when it is those. */
function differentResources(found: StackSettings, wanted: StackSettings): string {
  const [there, expected] = [found, wanted].map(({ template }) => ((template ?? {}) as Partial<Template>).Resources ?? {});
  const ids = [...new Set([...Object.keys(there), ...Object.keys(expected)])].filter((id) => !isDeepStrictEqual(there[id], expected[id]));
  return ids.length > 0 ? `another template, different in ${ids.sort().join(', ')}` : 'other tags, parameters or descriptions';
}

function bucketFindings(name: string, { settings: wanted }: HeldBucket, found: HeldBucket | undefined, of: JudgedEnvironment): Finding[] {
  if (!found) return [finding(FINDINGS.bucketMissing, name, 'none', 'the bucket', recreate(`aws s3api create-bucket --bucket ${name}`))];
  if (found.holder !== 'us' || !found.settings) {
    const fix = `set \`${of.renamedBy(name)}\` in dataworks.json, then dataworks bootstrap ${of.environment}; treat what was written there as disclosed`;
    return [finding(FINDINGS.bucketForeign, name, found.holder, 'a bucket of this account and region', fix)];
  }
  const settings = found.settings;
  const set = (what: string): string => `aws s3api put-${what.replace(' ', ` --bucket ${name} `)}`;
  const access = Object.entries(wanted!.publicAccess).map(([key, value]) => `${key}=${value}`);
  const encryption = {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: wanted!.encryption, KMSMasterKeyID: wanted!.encryptionKey } }],
  };
  return [
    ...differing(name, [
      [
        FINDINGS.bucketVersioning,
        settings.versioning,
        wanted!.versioning,
        set(`bucket-versioning --versioning-configuration Status=${wanted!.versioning ?? 'Suspended'}`),
      ],
      [
        FINDINGS.bucketPublicAccess,
        settings.publicAccess,
        wanted!.publicAccess,
        set(`public-access-block --public-access-block-configuration ${access.join(',')}`),
      ],
      [
        FINDINGS.bucketEncryption,
        [settings.encryption, settings.encryptionKey],
        [wanted!.encryption, wanted!.encryptionKey],
        set(`bucket-encryption --server-side-encryption-configuration ${quoted(JSON.stringify(encryption))}`),
      ],
      [
        FINDINGS.bucketOwnership,
        settings.ownership,
        wanted!.ownership,
        set(`bucket-ownership-controls --ownership-controls 'Rules=[{ObjectOwnership=${wanted!.ownership}}]'`),
      ],
      [FINDINGS.bucketReplication, settings.copiesTo, wanted!.copiesTo, `aws s3api delete-bucket-replication --bucket ${name}`],
      [FINDINGS.bucketLogging, settings.logsTo, wanted!.logsTo, `aws s3api put-bucket-logging, as the template of the stack has it`],
    ]),
    ...documentFindings(
      FINDINGS.bucketPolicy,
      name,
      settings.policy,
      wanted!.policy,
      set(`bucket-policy --policy ${quoted(wanted!.policy ?? '')}`),
    ),
    ...lifecycleFindings(name, settings.lifecycle, wanted!.lifecycle),
  ];
}

function lifecycleFindings(bucket: string, found: readonly LifecycleSettings[], wanted: readonly LifecycleSettings[]): Finding[] {
  const rules = (settings: readonly LifecycleSettings[]): string[] =>
    settings.map((rule) => JSON.stringify({ ...rule, id: undefined })).sort();
  if (isDeepStrictEqual(rules(found), rules(wanted))) return [];
  const fix = `aws s3api put-bucket-lifecycle-configuration --bucket ${bucket} --lifecycle-configuration ${quoted(JSON.stringify({ Rules: wanted.map(ruleOf) }))}`;
  return [finding(FINDINGS.bucketLifecycle, bucket, rules(found).join(' ') || 'none', rules(wanted).join(' '), fix)];
}

/** As the API wants it. */
function ruleOf(rule: LifecycleSettings): object {
  const { id, enabled, prefix, expirationDays, noncurrentDays, noncurrentKept, abortDays, expiredMarkers } = rule;
  return {
    ID: id === '' ? undefined : id,
    Status: enabled ? 'Enabled' : 'Disabled',
    Filter: { Prefix: prefix },
    Expiration:
      expirationDays !== undefined || expiredMarkers
        ? { Days: expirationDays, ExpiredObjectDeleteMarker: expiredMarkers || undefined }
        : undefined,
    NoncurrentVersionExpiration: noncurrentDays && { NoncurrentDays: noncurrentDays, NewerNoncurrentVersions: noncurrentKept },
    AbortIncompleteMultipartUpload: abortDays && { DaysAfterInitiation: abortDays },
  };
}

function tableFindings(name: string, wanted: RecoverableTable, found: RecoverableTable | undefined): Finding[] {
  const table = `--table-name ${name}`;
  const create =
    `aws dynamodb create-table ${table} --key-schema AttributeName=LockID,KeyType=HASH --attribute-definitions AttributeName=LockID,AttributeType=S ` +
    `--billing-mode PAY_PER_REQUEST --sse-specification Enabled=${wanted.ownKey} --deletion-protection-enabled`;
  if (!found) return [finding(FINDINGS.tableMissing, name, 'none', 'the table', create)];
  const key = differing(name, [[FINDINGS.tableKey, found.key, wanted.key, `delete the table when nobody uses it, then ${create}`]]);
  if (key.length > 0) return key; // another table takes its place, whatever else this one lacks
  return differing(name, [
    [
      FINDINGS.tableUnprotected,
      found.deletionProtection,
      wanted.deletionProtection,
      `aws dynamodb update-table ${table} --deletion-protection-enabled`,
    ],
    [
      FINDINGS.tableUnrecoverable,
      found.recoverable,
      wanted.recoverable,
      `aws dynamodb update-continuous-backups ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
    ],
    [
      FINDINGS.tableEncryption,
      found.ownKey,
      wanted.ownKey,
      `aws dynamodb update-table ${table} --sse-specification Enabled=${wanted.ownKey}`,
    ],
    [
      FINDINGS.tablePolicy,
      found.policy,
      wanted.policy,
      `aws dynamodb delete-resource-policy --resource-arn "$(aws dynamodb describe-table ${table} --query Table.TableArn --output text)"`,
    ],
    [FINDINGS.tableBilling, found.onDemand, wanted.onDemand, `aws dynamodb update-table ${table} --billing-mode PAY_PER_REQUEST`],
  ]);
}

function roleFindings(name: string, wanted: RoleSettings, found: RoleSettings | undefined, of: JudgedEnvironment): Finding[] {
  if (!found) return [finding(FINDINGS.roleMissing, name, 'none', 'the role', recreate(`aws iam create-role --role-name ${name}`))];
  const role = `--role-name ${name}`;
  const trust = wanted.trust.includes('sts:ExternalId')
    ? `dataworks bootstrap ${of.environment} --rotate: the update writes the trust policy anew, with a new external id`
    : `aws iam update-assume-role-policy ${role} --policy-document ${quoted(wanted.trust)}`;
  const boundary =
    wanted.boundary === undefined
      ? `aws iam delete-role-permissions-boundary ${role}`
      : `aws iam put-role-permissions-boundary ${role} --permissions-boundary ${wanted.boundary}`;
  return [
    ...documentFindings(FINDINGS.roleTrust, name, found.trust, wanted.trust, trust),
    ...rolePolicyFindings(name, found, wanted),
    ...differing(name, [[FINDINGS.roleBoundary, found.boundary, wanted.boundary, boundary]]),
  ];
}

function rolePolicyFindings(name: string, found: RoleSettings, wanted: RoleSettings): Finding[] {
  const role = `--role-name ${name}`;
  const detached = (arn: string): string => `aws iam detach-role-policy ${role} --policy-arn ${arn}`;
  const attached = (arn: string): string => `aws iam attach-role-policy ${role} --policy-arn ${arn}`;
  return [
    ...found.attached
      .filter((arn) => !wanted.attached.includes(arn))
      .map((arn) => finding(FINDINGS.rolePolicies, name, `${arn} attached`, 'not attached', detached(arn))),
    ...wanted.attached
      .filter((arn) => !found.attached.includes(arn))
      .map((arn) => finding(FINDINGS.rolePolicies, name, `${arn} not attached`, 'attached', attached(arn))),
    ...Object.keys(found.policies)
      .filter((policy) => !(policy in wanted.policies))
      .map((policy) =>
        finding(
          FINDINGS.rolePolicies,
          name,
          `inline policy ${policy}`,
          'none of this name',
          `aws iam delete-role-policy ${role} --policy-name ${policy}`,
        ),
      ),
    ...Object.entries(wanted.policies).flatMap(([policy, document]) =>
      documentFindings(
        FINDINGS.rolePolicies,
        name,
        (found.policies as ByName<string>)[policy],
        document,
        `aws iam put-role-policy ${role} --policy-name ${policy} --policy-document ${quoted(document)}`,
      ),
    ),
  ];
}

function policyFindings(arn: string, wanted: string, found: string | undefined): Finding[] {
  const fix = `aws iam list-policy-versions --policy-arn ${arn}, then aws iam set-default-policy-version to the deployed one and delete the others`;
  return documentFindings(FINDINGS.policyChanged, arn, found, wanted, found === undefined ? recreate('aws iam create-policy') : fix);
}

function providerFindings(arn: string, wanted: readonly string[], found: readonly string[] | undefined): Finding[] {
  if (!found) return [finding(FINDINGS.providerMissing, arn, 'none', 'the provider', recreate('aws iam create-open-id-connect-provider'))];
  const client = (verb: string, id: string): string =>
    `aws iam ${verb}-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${id}`;
  const fixes = [
    ...wanted.filter((id) => !found.includes(id)).map((id) => client('add-client-id-to', id)),
    ...found.filter((id) => !wanted.includes(id)).map((id) => client('remove-client-id-from', id)),
  ];
  return differing(arn, [[FINDINGS.providerAudience, [...found].sort(), [...wanted].sort(), fixes.join(' && ')]]);
}

function parameterFindings(name: string, wanted: string, found: string | undefined, of: JudgedEnvironment): Finding[] {
  const kind = name === of.versionParameter ? FINDINGS.toolkitVersion : FINDINGS.parameterWrong;
  return differing(name, [
    [kind, found, wanted, `aws ssm put-parameter --overwrite --type String --name ${name} --value ${quoted(wanted)}`],
  ]);
}

/** A policy document that says something else than it should; each statement in one line. */
function documentFindings(
  kind: FindingKind,
  subject: string,
  found: string | undefined,
  wanted: string | undefined,
  fix: string,
): Finding[] {
  if (found === undefined && wanted === undefined) return [];
  if (found === undefined || wanted === undefined) {
    return [finding(kind, subject, found === undefined ? 'none' : 'a policy', wanted === undefined ? 'none' : 'a policy', fix)];
  }
  const { added, missing } = differencesOf(found, wanted);
  if (added.length === 0 && missing.length === 0) return [];
  return [finding(kind, subject, added.join(' ') || 'statements are missing', missing.join(' ') || 'no further statement', fix)];
}
