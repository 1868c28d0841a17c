import { deepStrictEqual } from 'node:assert';
import { synthesise } from '../../src/bootstrap/synthesis';
import { expectedLandscape } from '../../src/doctor/expected-landscape';
import { FINDINGS, type Finding, type FindingKind } from '../../src/doctor/findings';
import { judge } from '../../src/doctor/judge';
import type { Landscape } from '../../src/doctor/landscape';
import { lockNotes } from '../../src/doctor/lock-notes';
import { situationOf } from '../../src/lock/situation';
import { targetWith } from '../support/targets';

type Mutable<T> = { -readonly [Key in keyof T]: Mutable<T[Key]> };
type Draft = Mutable<Landscape>;

const target = targetWith();
const { names } = target;
const stacks = synthesise(target, { existingProvider: false });
const backend = expectedLandscape(stacks.backend, names);
const toolkit = expectedLandscape(stacks.toolkit, names);
const OF = {
  environment: 'dev',
  versionParameter: names.cdkVersionParameter,
  toolkitStack: names.toolkitStack,
  renamedBy: () => 'stateNameSuffix' as const,
};
const ALLOW_ALL = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
const PROVIDER = Object.keys(backend.providers)[0];

/** What is found when the account is as expected but for a change. */
function found(expected: Landscape, change: (draft: Draft) => void): Finding[] {
  const draft = JSON.parse(JSON.stringify(expected)) as Draft;
  change(draft);
  return judge(expected, draft, OF);
}

const settings = (draft: Draft) => draft.buckets[names.stateBucket]!.settings!;
const table = (draft: Draft) => draft.tables[names.stateTable]!;
const stack = (draft: Draft) => draft.stacks[names.backendStack]!;
const role = (draft: Draft, name = names.planRole) => draft.roles[name]!;

const CHANGES: ReadonlyArray<readonly [string, Landscape, (draft: Draft) => void, FindingKind]> = [
  ['no stack', backend, (draft) => (draft.stacks[names.backendStack] = undefined), FINDINGS.stackMissing],
  ['a stack at work', backend, (draft) => (stack(draft).status = 'UPDATE_IN_PROGRESS'), FINDINGS.stackUnfinished],
  ['a stack that failed', backend, (draft) => (stack(draft).status = 'UPDATE_ROLLBACK_FAILED'), FINDINGS.stackUnfinished],
  ['another template', backend, (draft) => (stack(draft).template = { Resources: {} }), FINDINGS.stackOutdated],
  ['another tag', backend, (draft) => (stack(draft).tags.owner = 'nobody'), FINDINGS.stackOutdated],
  ['no termination protection', backend, (draft) => (stack(draft).terminationProtection = false), FINDINGS.stackUnprotected],
  ['a drifted stack', backend, (draft) => (stack(draft).drifted = true), FINDINGS.stackDrifted],
  [
    "the CDK's own bootstrap",
    toolkit,
    (draft) => (draft.stacks[names.toolkitStack]!.template = { Resources: {} }),
    FINDINGS.toolkitForeign,
  ],
  ['an older bootstrap', toolkit, (draft) => (draft.parameters[names.cdkVersionParameter] = '5'), FINDINGS.toolkitVersion],

  ['no bucket', backend, (draft) => (draft.buckets[names.stateBucket] = undefined), FINDINGS.bucketMissing],
  ["a stranger's bucket", backend, (draft) => (draft.buckets[names.stateBucket] = { holder: 'a stranger' }), FINDINGS.bucketForeign],
  ['no versions', backend, (draft) => (settings(draft).versioning = undefined), FINDINGS.bucketVersioning],
  ['a public policy', backend, (draft) => (settings(draft).publicAccess.BlockPublicPolicy = false), FINDINGS.bucketPublicAccess],
  ['another encryption', backend, (draft) => (settings(draft).encryption = 'aws:kms'), FINDINGS.bucketEncryption],
  ['ACLs', backend, (draft) => (settings(draft).ownership = 'ObjectWriter'), FINDINGS.bucketOwnership],
  ['no policy', backend, (draft) => (settings(draft).policy = undefined), FINDINGS.bucketPolicy],
  ['a wider policy', backend, (draft) => (settings(draft).policy = JSON.stringify(ALLOW_ALL)), FINDINGS.bucketPolicy],
  ['a rule less', backend, (draft) => settings(draft).lifecycle.pop(), FINDINGS.bucketLifecycle],
  ['a rule that is off', backend, (draft) => (settings(draft).lifecycle[0].enabled = false), FINDINGS.bucketLifecycle],
  ['another access log', backend, (draft) => (settings(draft).logsTo = 'elsewhere'), FINDINGS.bucketLogging],
  ['a copy elsewhere', backend, (draft) => (settings(draft).copiesTo = ['arn:aws:s3:::elsewhere']), FINDINGS.bucketReplication],

  ['no table', backend, (draft) => (draft.tables[names.stateTable] = undefined), FINDINGS.tableMissing],
  ['another key', backend, (draft) => (table(draft).key = ['LockID:S', 'more:S']), FINDINGS.tableKey],
  ['no deletion protection', backend, (draft) => (table(draft).deletionProtection = false), FINDINGS.tableUnprotected],
  ['no recovery', backend, (draft) => (table(draft).recoverable = false), FINDINGS.tableUnrecoverable],
  ['a policy of its own', backend, (draft) => (table(draft).policy = '{}'), FINDINGS.tablePolicy],
  ["AWS's key", backend, (draft) => (table(draft).ownKey = false), FINDINGS.tableEncryption],
  ['provisioned', backend, (draft) => (table(draft).onDemand = false), FINDINGS.tableBilling],

  ['no role', backend, (draft) => (draft.roles[names.planRole] = undefined), FINDINGS.roleMissing],
  [
    'a loosened subject',
    backend,
    (draft) => (role(draft).trust = role(draft).trust.replace(/\/user\/[?-]+/, '/user/*')),
    FINDINGS.roleTrust,
  ],
  [
    'no external id',
    backend,
    (draft) => (role(draft, names.deployerRole).trust = withoutCondition(role(draft, names.deployerRole).trust)),
    FINDINGS.roleTrust,
  ],
  [
    'an external id that anyone guesses',
    backend,
    (draft) => (role(draft, names.deployerRole).trust = guessable(role(draft, names.deployerRole).trust)),
    FINDINGS.roleTrust,
  ],
  ['another inline policy', backend, (draft) => (role(draft).policies.more = JSON.stringify(ALLOW_ALL)), FINDINGS.rolePolicies],
  [
    'an edited inline policy',
    backend,
    (draft) => (role(draft).policies[Object.keys(role(draft).policies)[0]] = JSON.stringify(ALLOW_ALL)),
    FINDINGS.rolePolicies,
  ],
  ['a detached policy', toolkit, (draft) => role(draft, names.cdkExecutionRole).attached.pop(), FINDINGS.rolePolicies],
  ['an attached policy', backend, (draft) => role(draft).attached.push('arn:aws:iam::aws:policy/ReadOnlyAccess'), FINDINGS.rolePolicies],
  ['no boundary', toolkit, (draft) => (role(draft, names.cdkExecutionRole).boundary = undefined), FINDINGS.roleBoundary],
  [
    'an edited policy',
    backend,
    (draft) => (draft.policies[names.policyArn(names.boundary)] = JSON.stringify(ALLOW_ALL)),
    FINDINGS.policyChanged,
  ],
  ['a deleted policy', backend, (draft) => (draft.policies[names.policyArn(names.executionPolicy)] = undefined), FINDINGS.policyChanged],
  ['no provider', backend, (draft) => (draft.providers[PROVIDER] = undefined), FINDINGS.providerMissing],
  ['another audience', backend, (draft) => draft.providers[PROVIDER]!.push('sts.amazonaws.com'), FINDINGS.providerAudience],
  ['another parameter', backend, (draft) => (draft.parameters['/sales/dev/backend/state-bucket'] = 'other'), FINDINGS.parameterWrong],
];

const withoutCondition = (trust: string): string =>
  JSON.stringify({ Statement: statementsIn(trust).map((one) => ({ ...one, Condition: undefined })) });
const guessable = (trust: string): string => trust.replace('<ExternalId>', 'secret');
const statementsIn = (document: string) => (JSON.parse(document) as { Statement: object[] }).Statement;

test('as expected, there is nothing to find', () => {
  expect([...found(backend, () => {}), ...found(toolkit, () => {})]).toEqual([]);
});

test.each(CHANGES)('%s', (_name, expected, change, { code }) => {
  const findings = found(expected, change);
  expect(findings.map((finding) => finding.code)).toEqual([code]);
  const [{ subject, fix, found: was, expected: wanted }] = findings;
  for (const text of [subject, fix, was, wanted]) expect(text).not.toBe('');
  expect(was).not.toBe(wanted);
});

test('every finding is tested, but the notes', () => {
  const tested = CHANGES.map(([, , , { code }]) => code);
  const notes: string[] = [FINDINGS.lockHeld.code, FINDINGS.lockHalfHeld.code];
  expect([...new Set([...tested, ...notes])].sort()).toEqual(
    Object.values(FINDINGS)
      .map(({ code }) => code)
      .sort(),
  );
});

test('policies are compared by what they mean, not by how they are written', () => {
  const rewritten = (draft: Draft) => {
    const statements = statementsIn(role(draft).trust).map((statement) => ({ Sid: 'Other', ...statement }));
    role(draft).trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.length === 1 ? statements[0] : statements.reverse(),
    });
  };
  expect(found(backend, rewritten)).toEqual([]);
});

test('the external id in force is expected, whatever it is, and never shown', () => {
  const id = 'k'.repeat(43);
  const withId = (draft: Draft) =>
    (role(draft, names.deployerRole).trust = role(draft, names.deployerRole).trust.replace('<ExternalId>', id));
  expect(found(backend, withId)).toEqual([]);
  const [loosened] = found(backend, (draft) => {
    withId(draft);
    role(draft, names.deployerRole).trust = role(draft, names.deployerRole).trust.replace(names.applyRole, names.planRole);
  });
  expect(loosened.code).toBe(FINDINGS.roleTrust.code);
  expect(JSON.stringify(loosened)).not.toContain(id);
});

test('a type of resource that nobody would check is an error, not a silence', () => {
  const template = { ...stacks.backend.template, Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
  expect(() => expectedLandscape({ ...stacks.backend, template }, names)).toThrow('AWS::SQS::Queue');
});

test('what is expected comes from the templates whole: each resource of a readable type is in it', () => {
  const count = ({ buckets, tables, roles, policies, providers, parameters }: Landscape) =>
    [buckets, tables, roles, policies, providers, parameters].reduce((sum, all) => sum + Object.keys(all).length, 0);
  const attached = ['AWS::S3::BucketPolicy', 'AWS::IAM::Policy', 'AWS::ECR::Repository'];
  for (const [expected, { template }] of [
    [backend, stacks.backend],
    [toolkit, stacks.toolkit],
  ] as const) {
    deepStrictEqual(count(expected), Object.values(template.Resources).filter(({ Type }) => !attached.includes(Type)).length);
  }
});

describe('the lock', () => {
  const info = JSON.stringify({ ID: 'b1b6', Operation: 'OperationTypeApply', Who: 'ada@host', Created: '2026-01-02T03:00:00Z' });
  const ours = JSON.stringify({
    ID: 'a7c2',
    Operation: 'apply',
    Who: 'eve@ci',
    Version: 'dataworks 1.0.0',
    Created: '2026-01-02T03:00:00Z',
  });
  const words = 'Terraform (ada@host), OperationTypeApply, since 2026-01-02T03:00:00Z, ID b1b6';
  test.each([
    ['nobody holds it', {}, [], []],
    ["both halves, Terraform's", { item: info, object: info }, [`DW2250 ${words}`], ['b1b6']],
    ["the item alone, Terraform's: a whole lock", { item: info }, [`DW2250 ${words}`], ['b1b6']],
    [
      'the item alone, ours',
      { item: ours },
      ['DW2251 eve@ci, apply, since 2026-01-02T03:00:00Z, ID a7c2; only the item is there, the object is missing'],
      ['a7c2'],
    ],
    [
      'of two holders',
      { item: info, object: ours },
      [`DW2251 ${words}; and eve@ci, apply, since 2026-01-02T03:00:00Z, ID a7c2; the item and the object are of different holders`],
      ['b1b6', 'a7c2'],
    ],
    ['unreadable', { object: 'x' }, ['DW2250 somebody whose lock cannot be read, ID unreadable-2d711642b726'], ['unreadable-2d711642b726']],
  ])('%s', (_what, { item, object }: { item?: string; object?: string }, said, ids) => {
    const situation = situationOf({
      ...(item !== undefined && { item: { info: item } }),
      ...(object !== undefined && { file: { text: object, etag: '"1"' } }),
    });
    const notes = lockNotes('dev', 'bucket/key', situation);
    expect(notes.map(({ code, found: holder }) => `${code} ${holder}`)).toEqual(said);
    expect(notes.every(({ isNote }) => isNote)).toBe(true);
    for (const id of ids) expect(notes[0].fix).toContain(`dataworks unlock dev ${id}`);
  });
});
