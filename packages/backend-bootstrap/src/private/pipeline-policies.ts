import { Effect, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import { BackendParameter, type BackendNames, type EnvironmentPlace } from '../backend-names';
import type { StateBackend } from '../state-backend';
import { urlSuffix } from './state-bucket-policy';

const statement = (
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: Record<string, Record<string, unknown>>,
): PolicyStatement => new PolicyStatement({ sid, actions, resources, conditions });

const assume = (names: BackendNames, ...roles: string[]): PolicyStatement =>
  statement(
    'Assume',
    ['sts:AssumeRole'],
    roles.map((role) => names.roleArn(role)),
  );

/** To find everything else by. */
const readParameters = (names: BackendNames): PolicyStatement =>
  statement(
    'ReadParameters',
    ['ssm:GetParameter', 'ssm:GetParameters'],
    Object.values(BackendParameter).map((parameter) => names.parameterArn(names.parameter(parameter))),
  );

/**
 * Whether an object is there is asked by listing its key: to whoever may not list everything, S3 answers 403 for one that is not.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
 */
const list = ({ bucket }: StateBackend, prefixes: string[]): PolicyStatement[] => [
  statement('List', ['s3:ListBucket'], [bucket.bucketArn]),
  denial('ListNothingElse', {
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringNotLike: { 's3:prefix': prefixes } },
  }),
];

/**
 * Written once. Whoever sends the header cannot overwrite: `*` is the only value that S3 takes in it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
const writeOnce = (resources: string[]): PolicyStatement[] => [
  statement('WriteOnce', ['s3:PutObject'], resources),
  denial('OverwriteNothing', { actions: ['s3:PutObject'], resources, conditions: { Null: { 's3:if-none-match': 'true' } } }),
];

/** What the plan role may do, from any branch. */
export function planStatements(backend: StateBackend): PolicyStatement[] {
  const { names, bucket } = backend;
  const plans = `${names.plansPrefix}*`;
  const readable = [names.recordKey, `${names.historyPrefix}*`, plans];
  return fenced([
    assume(names, names.cdkLookupRole),
    readParameters(names),
    ...list(backend, readable),
    statement(
      'Read',
      ['s3:GetObject'],
      readable.map((key) => bucket.arnForObjects(key)),
    ),
    ...writeOnce([bucket.arnForObjects(plans)]),
    ...throughKey(backend),
  ]);
}

/** What the apply role may do: become the deployer, if it knows the external id. */
export function applyStatements(names: BackendNames): PolicyStatement[] {
  return fenced([assume(names, names.deployerRole)]);
}

/** What takes, reads, renews and releases a lock. */
const ITEM_ACTIONS = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** What the deployer may do. */
export function deployerStatements(backend: StateBackend, after?: EnvironmentPlace): PolicyStatement[] {
  const { names, bucket, table } = backend;
  const lockFile = bucket.arnForObjects(names.lockFileKey);
  return fenced([
    assume(names, names.cdkDeployRole, names.cdkFilePublishingRole, names.cdkImagePublishingRole, names.cdkLookupRole),
    readParameters(names),
    ...list(backend, [`${names.stateKey}/*`, names.lockFileKey]),
    statement('Read', ['s3:GetObject'], [bucket.arnForObjects(`${names.stateKey}/*`)]),
    statement('WriteRecord', ['s3:PutObject'], [bucket.arnForObjects(names.recordKey)]),
    ...writeOnce([names.historyPrefix, names.approvalsPrefix].map((prefix) => bucket.arnForObjects(`${prefix}*`))),
    statement('LockFile', ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], [lockFile]),
    statement('LockItems', ITEM_ACTIONS, [table.tableArn]),
    denial('NoOtherItems', {
      actions: ITEM_ACTIONS,
      resources: [table.tableArn],
      conditions: { 'ForAnyValue:StringNotEquals': { 'dynamodb:LeadingKeys': [names.lockId, names.fenceId] } },
    }),
    ...throughKey(backend),
    ...(after ? readRecordOf(names.elsewhere(after), after) : []),
  ]);
}

/** The record of the environment that must have applied first. Its bucket's policy has to allow it too. */
function readRecordOf(names: BackendNames, { account, encryptionKeyArn }: EnvironmentPlace): PolicyStatement[] {
  return [
    // The name of a bucket is anybody's who took it first: that of a stranger is not read.
    statement('ReadRecordBefore', ['s3:GetObject'], [names.stateObjectArn(names.recordKey)], {
      StringEquals: { 'aws:ResourceAccount': account },
    }),
    ...(encryptionKeyArn === undefined ? [] : [useThroughS3('DecryptRecordBefore', ['kms:Decrypt'], encryptionKeyArn, names)]),
  ];
}

/** S3 uses the key in the name of whoever reads or writes. */
function throughKey({ encryptionKey, names }: StateBackend): PolicyStatement[] {
  return encryptionKey ? [useThroughS3('UseKey', ['kms:Decrypt', 'kms:GenerateDataKey'], encryptionKey.keyArn, names)] : [];
}

function useThroughS3(sid: string, actions: string[], keyArn: string, names: BackendNames): PolicyStatement {
  const [, , , region = names.region] = keyArn.split(':');
  return statement(sid, actions, [keyArn], { StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix(names)}` } });
}

/**
 * Statements, with denials of everything that they do not allow: no other action, and each action nowhere else. So a
 * policy that somebody attaches to the role later gives it nothing. For the same reason most limits stand in denials.
 */
function fenced(statements: PolicyStatement[]): PolicyStatement[] {
  const allowed = statements.filter(({ effect }) => effect === Effect.ALLOW);
  const actions = [...new Set(allowed.flatMap((one) => one.actions))].sort();
  const places = new Map<string, { readonly actions: string[]; readonly resources: string[] }>();
  for (const action of actions) {
    const resources = [...new Set(allowed.filter((one) => one.actions.includes(action)).flatMap((one) => one.resources))];
    const key = resources.join(' ');
    places.set(key, { resources, actions: [...(places.get(key)?.actions ?? []), action] });
  }
  return [
    ...statements,
    denial('NothingElse', { notActions: actions, resources: ['*'] }),
    ...[...places.values()].map((place, index) => denial(`NowhereElse${index}`, { actions: place.actions, notResources: place.resources })),
  ];
}

function denial(
  sid: string,
  what: Pick<PolicyStatementProps, 'actions' | 'notActions' | 'resources' | 'notResources' | 'conditions'>,
): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, ...what });
}
