import {
  AccountPrincipal,
  AccountRootPrincipal,
  ArnPrincipal,
  Group,
  OrganizationPrincipal,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, ObjectLockRetention, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration, Lazy, LegacyStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import {
  AccessLogsBucket,
  BucketName,
  DataLakeZones,
  DataWorksBucket,
  EncryptionKey,
  HardenedBucket,
  ObjectEncryption,
  Versioning,
  Zone,
  type BucketOptions,
  type DataLakeZonesProps,
  type DataWorksBucketProps,
  type EncryptionKeyProps,
} from '../src';
import { ACCOUNT, OTHER_ACCOUNT, newStack, REGION } from './support/synth';
import { REFUSALS } from '../src/private/refusals';

const days = (count: number) => Duration.days(count);
const key = (scope: Stack, id = 'Imported') => Key.fromKeyArn(scope, id, `arn:aws:kms:${REGION}:${ACCOUNT}:key/own`);
const arn = (name: string) => new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:${name}`);
const here = { env: { account: ACCOUNT, region: REGION } };

const encryptionKey =
  (props: Partial<EncryptionKeyProps>) =>
  (stack: Stack): EncryptionKey =>
    new EncryptionKey(stack, 'It', { alias: 'lake', ...props });
const bucket =
  (options: BucketOptions & Partial<DataWorksBucketProps>) =>
  (stack: Stack): DataWorksBucket =>
    new DataWorksBucket(stack, 'It', { key: key(stack), ...options });
const lake =
  (props: Partial<DataLakeZonesProps>) =>
  (stack: Stack): DataLakeZones =>
    new DataLakeZones(stack, 'It', { project: 'p', environment: 'e', owner: 'o', ...props });
const TIED = { keyPolicyOnly: true, administrators: [arn('role/admin')] };
const tied = (stack: Stack): IKey => encryptionKey(TIED)(stack).key;
const newRole = (stack: Stack) => new Role(stack, 'Role', { assumedBy: new AccountPrincipal(ACCOUNT) });
const sseS3 = ObjectEncryption.s3Managed('a test');

type Case = readonly [code: string, received: string, build: (stack: Stack) => unknown, stack?: () => Stack];

/** What is received, as the error says it, and how. */
const CASES: readonly Case[] = [
  ...['', 'aws/s3', 'alias/mine', 'with space', 'a'.repeat(251)].map((alias): Case => [
    'DW1001',
    JSON.stringify(alias),
    encryptionKey({ alias }),
  ]),
  ...[days(89), days(2561), Duration.hours(24 * 100 + 1)].map((rotationPeriod): Case => [
    'DW1002',
    rotationPeriod.toHumanString(),
    encryptionKey({ rotationPeriod }),
  ]),
  ...[days(6), days(31), Duration.hours(24 * 10 + 1)].map((pendingWindow): Case => [
    'DW1003',
    pendingWindow.toHumanString(),
    encryptionKey({ pendingWindow }),
  ]),
  [
    'DW1004',
    '"lake", which is that of Stack/First',
    (stack) => [new EncryptionKey(stack, 'First', { alias: 'lake' }), new EncryptionKey(stack, 'It', { alias: 'lake' })],
  ],
  [
    'DW1004',
    '"p/e/lake", which is that of Stack/It/Key',
    (stack) => {
      lake({})(stack);
      const other = new Stack(stack.node.scope, 'Other', here);
      new DataLakeZones(other, 'Lake', { project: 'p', environment: 'e', owner: 'o' });
    },
    () => newStack(here),
  ],
  ['DW1005', 'the account', encryptionKey({ administrators: [new AccountRootPrincipal()] })],
  ['DW1005', 'the account', encryptionKey({ administrators: [new AccountPrincipal(ACCOUNT)] })],
  ['DW1005', ':root', encryptionKey({ administrators: [arn('root')] })],
  ['DW1005', `{"AWS":["${ACCOUNT}"]}`, encryptionKey({ administrators: [new ArnPrincipal(ACCOUNT)] })],
  ['DW1005', '{"AWS":["*"]}', encryptionKey({ administrators: [new ArnPrincipal('*')] })],
  ['DW1005', 'role/*', encryptionKey({ administrators: [arn('role/*')] })],
  ['DW1005', '{"Service":["glue.amazonaws.com"]}', encryptionKey({ administrators: [new ServicePrincipal('glue.amazonaws.com')] })],
  ['DW1005', 'the group Stack/People', (stack) => encryptionKey({ administrators: [new Group(stack, 'People')] })(stack)],
  [
    'DW1005',
    'MultiFactorAuthPresent',
    encryptionKey({ administrators: [arn('role/admin').withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })] }),
  ],
  ['DW1006', 'no administrators', encryptionKey({ keyPolicyOnly: true })],
  [
    'DW1007',
    'no deploymentRole',
    encryptionKey({ keyPolicyOnly: true, administrators: [arn('role/admin')] }),
    () => newStack({ synthesizer: new LegacyStackSynthesizer() }),
  ],
  [
    'DW1008',
    'Other/Role, and the key Keys/It/Resource',
    (stack) => bucket({ key: tied(new Stack(stack.node.scope, 'Keys')) })(stack).grantRead(newRole(new Stack(stack.node.scope, 'Other'))),
  ],
  [
    'DW1008',
    'Other/Role, and the key Stack/It/Resource',
    (stack) => encryptionKey(TIED)(stack).grantDecryptThroughS3(newRole(new Stack(stack.node.scope, 'Other'))),
  ],

  ['DW1011', 'retention: 1 day 12 hours', bucket({ retention: Duration.hours(36) })],
  ['DW1011', 'retention: 0 days', bucket({ retention: days(0) })],
  ['DW1011', 'versioning: 1 day 12 hours', bucket({ versioning: Versioning.expiringAfter(Duration.hours(36)) })],
  ['DW1011', 'transitions: 1 day 12 hours', bucket({ transitions: [{ storageClass: StorageClass.GLACIER, after: Duration.hours(36) }] })],
  [
    'DW1011',
    'noncurrent transitions: 0 days',
    bucket({ versioning: Versioning.expiringAfter(days(30), { transitions: [{ storageClass: StorageClass.GLACIER, after: days(0) }] }) }),
  ],
  [
    'DW1011',
    'versioning: 1 day 12 hours',
    bucket({ versioning: Versioning.expiringAfter(Duration.hours(36)), objectLock: ObjectLockRetention.governance(days(1)) }),
  ],
  [
    'DW1012',
    'transitions: STANDARD_IA after 29 days',
    bucket({ transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, after: days(29) }] }),
  ],
  [
    'DW1012',
    'noncurrent transitions: ONEZONE_IA after 29 days',
    bucket({
      versioning: Versioning.expiringAfter(days(90), {
        transitions: [{ storageClass: StorageClass.ONE_ZONE_INFREQUENT_ACCESS, after: days(29) }],
      }),
    }),
  ],
  [
    'DW1013',
    'transitions: STANDARD_IA after 60 days, following GLACIER after 30 days',
    bucket({
      transitions: [
        { storageClass: StorageClass.GLACIER, after: days(30) },
        { storageClass: StorageClass.INFREQUENT_ACCESS, after: days(60) },
      ],
    }),
  ],
  [
    'DW1013',
    'transitions: GLACIER after 59 days, following STANDARD_IA after 30 days',
    bucket({
      transitions: [
        { storageClass: StorageClass.INFREQUENT_ACCESS, after: days(30) },
        { storageClass: StorageClass.GLACIER, after: days(59) },
      ],
    }),
  ],
  [
    'DW1013',
    'transitions: GLACIER after 30 days, following INTELLIGENT_TIERING after 30 days',
    bucket({
      transitions: [
        { storageClass: StorageClass.INTELLIGENT_TIERING, after: days(30) },
        { storageClass: StorageClass.GLACIER, after: days(30) },
      ],
    }),
  ],
  [
    'DW1013',
    'transitions: STANDARD after 30 days',
    bucket({ transitions: [{ storageClass: new StorageClass('STANDARD'), after: days(30) }] }),
  ],
  [
    'DW1014',
    'deleted after 30 days, moved after 30 days',
    bucket({ retention: days(30), transitions: [{ storageClass: StorageClass.GLACIER, after: days(30) }] }),
  ],
  [
    'DW1015',
    'deleted after 30 days, moved after 30 days',
    bucket({ versioning: Versioning.expiringAfter(days(30), { transitions: [{ storageClass: StorageClass.GLACIER, after: days(30) }] }) }),
  ],
  ['DW1016', 'archive after 89 days', bucket({ archiveTiers: { archiveAfter: days(89) } })],
  ['DW1016', 'archive after 731 days', bucket({ archiveTiers: { archiveAfter: days(731) } })],
  ['DW1016', 'deep archive after 179 days', bucket({ archiveTiers: { deepArchiveAfter: days(179) } })],
  [
    'DW1016',
    'archive after 200 days, deep archive after 200 days',
    bucket({ archiveTiers: { archiveAfter: days(200), deepArchiveAfter: days(200) } }),
  ],
  ...['ab', 'a'.repeat(64), 'Upper', 'a.b.c', 'a_b', '-ab', 'ab-', 'xn--ab', 'sthree-ab', 'amzn-s3-demo-ab', 'ab-s3alias', 'ab--ol-s3'].map(
    (name): Case => ['DW1017', JSON.stringify(name), bucket({ bucketName: BucketName.explicit(name) })],
  ),
  ...['ab--x-s3', 'ab--table-s3', 'ab-123456789012-eu-west-1-an'].map((name): Case => [
    'DW1017',
    JSON.stringify(name),
    bucket({ bucketName: BucketName.explicit(name) }),
  ]),
  ['DW1017', '"Upper"', bucket({ bucketName: BucketName.accountRegional('Upper') })],
  ['DW1018', 'a'.repeat(32), bucket({ bucketName: BucketName.accountRegional('a'.repeat(32)) })],
  ...[0, 101, 1.5].map((keepNewest): Case => [
    'DW1019',
    String(keepNewest),
    bucket({ versioning: Versioning.expiringAfter(days(30), { keepNewest }) }),
  ]),

  ['DW1021', '"bronze"; this lake has raw', lake({ zones: [Zone.RAW], overrides: { bronze: {} } })],
  ['DW1021', '"raw"; this lake has landing', (stack) => lake({ zones: [Zone.LANDING] })(stack).rawZone],
  ...['prd', 'Prod', 'production'].map((environment): Case => [
    'DW1022',
    `removalPolicy DESTROY, production false, environment "${environment}"`,
    lake({ environment, production: false, removalPolicy: RemovalPolicy.DESTROY }),
  ]),
  ['DW1022', 'removalPolicy DESTROY, production true, environment "e"', lake({ removalPolicy: RemovalPolicy.DESTROY })],
  [
    'DW1022',
    'raw: removalPolicy DESTROY, production true, environment "e"',
    lake({ overrides: { raw: { removalPolicy: RemovalPolicy.DESTROY } }, production: true }),
  ],
  ...['', 'lake', '/lake/', '/la ke', '/aws/lake', '/ssm/lake', '/SSMlake', '/a'.repeat(14), `/${'a'.repeat(800)}`].map(
    (parameterPrefix): Case => ['DW1023', JSON.stringify(parameterPrefix), lake({ parameterPrefix })],
  ),
  ['DW1023', 'a token', (stack) => DataLakeZones.fromParameters(stack, 'It', { prefix: Lazy.string({ produce: () => '/lake' }) })],
  ['DW1023', '"lake"', (stack) => DataLakeZones.fromParameters(stack, 'It', { prefix: 'lake' })],
  ...['', 'Raw', '1raw', 'raw-', 'a--b', 'a_b', 'a'.repeat(33), 'access-logs'].map((zone): Case => [
    'DW1024',
    JSON.stringify(zone),
    () => Zone.of(zone),
  ]),
  ...['', 'R&D', "data's", 'line\nbreak', 'aws:lake', 'AWS:lake', '🙂', 'a'.repeat(257)].flatMap((value) =>
    ['project', 'environment', 'owner'].map((name): Case => ['DW1026', `${name} ${JSON.stringify(value)}`, lake({ [name]: value })]),
  ),
  ['DW1024', 'TOKEN', () => Zone.of(Lazy.string({ produce: () => 'raw' }))],
  ...[new ServicePrincipal('glue.amazonaws.com'), arn('role/x'), new OrganizationPrincipal('o-aa111bb222')].map((grantee): Case => [
    'DW1028',
    JSON.stringify(newStack().resolve(grantee.policyFragment.principalJson)),
    (stack) => DataLakeZones.fromParameters(stack, 'It', { prefix: '/lake' }).zone(Zone.RAW).grantRead(grantee),
  ]),
  [
    'DW1027',
    '"/lake", which is that of Stack/It',
    (stack) => {
      lake({ parameterPrefix: '/lake' })(stack);
      const other = new Stack(stack.node.scope, 'Other', here);
      new DataLakeZones(other, 'Lake', { project: 'q', environment: 'e', owner: 'o', parameterPrefix: '/lake' });
    },
    () => newStack(here),
  ],
  ['DW1025', '"raw"', lake({ zones: [Zone.RAW, Zone.of('raw')] })],
  ['DW1029', 'zones: []', lake({ zones: [] })],
  ...(['grantRead', 'grantWrite', 'grantReadWrite', 'grantDelete'] as const).map((grant): Case => [
    'DW1030',
    "''",
    (stack) => new DataWorksBucket(stack, 'It', { key: key(stack) })[grant](arn('role/x'), ''),
  ]),

  ...['', ' '].flatMap((reason): Case[] => [
    ['DW1020', JSON.stringify(reason), () => ObjectEncryption.s3Managed(reason)],
    ['DW1020', JSON.stringify(reason), () => Versioning.keepingAll(reason)],
  ]),

  ['DW1031', 'Versioning.disabled()', bucket({ versioning: Versioning.disabled(), objectLock: ObjectLockRetention.governance(days(1)) })],
  [
    'DW1032',
    'this bucket without versions',
    (stack) =>
      bucket({ versioning: Versioning.disabled(), replicateTo: new DataWorksBucket(stack, 'Copy', { key: key(stack, 'K') }) })(stack),
  ],
  [
    'DW1032',
    'Stack/Copy without versions',
    (stack) =>
      bucket({ replicateTo: new DataWorksBucket(stack, 'Copy', { key: key(stack, 'K'), versioning: Versioning.disabled() }) })(stack),
  ],
  [
    'DW1033',
    'retention: 10 days, locked for 30 days',
    bucket({ retention: days(10), objectLock: ObjectLockRetention.compliance(days(30)) }),
  ],
  ['DW1033', 'versioning: 30 days, locked for 31 days', bucket({ objectLock: ObjectLockRetention.governance(days(31)) })],
  [
    'DW1034',
    'Stack/Logs',
    (stack) => new HardenedBucket(stack, 'It', { encryption: sseS3, accessLogsBucket: Bucket.fromBucketName(stack, 'Logs', 'logs') }),
  ],
  [
    'DW1034',
    'Stack/Lake/raw/Bucket',
    (stack) => {
      const accessLogsBucket = DataLakeZones.fromParameters(stack, 'Lake', { prefix: '/lake' }).zone(Zone.RAW).bucket;
      new HardenedBucket(stack, 'It', { encryption: sseS3, accessLogsBucket });
    },
  ],
  ...[
    { account: OTHER_ACCOUNT, region: REGION },
    { account: ACCOUNT, region: 'us-east-1' },
  ].map((env): Case => [
    'DW1035',
    `Logs/It/Resource in ${env.account}, ${env.region}`,
    (stack) => bucket({ accessLogs: new AccessLogsBucket(new Stack(stack.node.scope, 'Logs', { env }), 'It') })(stack),
    () => newStack(here),
  ]),
  ...['', '/', 'hr', 'hr//', '*'].map((prefix): Case => [
    'DW1036',
    JSON.stringify(prefix),
    bucket({ restrictedPrefixes: [{ prefix, principalArns: ['arn:aws:iam::111122223333:role/hr'] }] }),
  ]),
  ...[
    [],
    ['*'],
    ['hr'],
    ['arn:aws:sts::111122223333:assumed-role/hr/session'],
    ['arn:aws:iam::*:*'],
    ['arn:aws:iam::*:role/hr'],
    ['arn:aws:iam::111122223333:*'],
    ['arn:aws:iam::111122223333:role/*'],
    ['arn:aws:iam::111122223333:role/hr', 'arn:aws:iam::111122223333:user/*'],
  ].map((principalArns): Case => [
    'DW1036',
    JSON.stringify(principalArns),
    bucket({ restrictedPrefixes: [{ prefix: 'hr/', principalArns }] }),
  ]),
  [
    'DW1037',
    `Copy/It in ${OTHER_ACCOUNT}`,
    (stack) => {
      const other = new Stack(stack.node.scope, 'Copy', { env: { account: OTHER_ACCOUNT, region: REGION } });
      bucket({ replicateTo: new DataWorksBucket(other, 'It', { key: key(other) }) })(stack);
    },
    () => newStack(here),
  ],
  [
    'DW1038',
    'Stack/Data/Resource, encrypted by aws:kms',
    (stack) => {
      const accessLogsBucket = new DataWorksBucket(stack, 'Data', { key: key(stack, 'K') }).bucket;
      new HardenedBucket(stack, 'It', { encryption: sseS3, accessLogsBucket });
    },
  ],
  [
    'DW1038',
    'Stack/Logs, encrypted by aws:kms',
    (stack) => {
      const accessLogsBucket = new Bucket(stack, 'Logs', { encryption: BucketEncryption.KMS_MANAGED });
      new HardenedBucket(stack, 'It', { encryption: sseS3, accessLogsBucket });
    },
  ],
  [
    'DW1043',
    'Stack/Logs/Resource with object lock',
    (stack) => {
      const objectLock = ObjectLockRetention.governance(days(1));
      const accessLogsBucket = new HardenedBucket(stack, 'Logs', { encryption: sseS3, objectLock }).bucket;
      new HardenedBucket(stack, 'It', { encryption: sseS3, accessLogsBucket });
    },
  ],
  ['DW1039', 'accessLogsPrefix "raw/"', bucket({ accessLogsPrefix: 'raw/' })],
  [
    'DW1040',
    "Stack/Copy, encrypted by S3's own keys",
    (stack) => bucket({ replicateTo: new HardenedBucket(stack, 'Copy', { encryption: sseS3 }) })(stack),
  ],
  [
    'DW1042',
    'There/It/Resource',
    (stack) => {
      const there = new Stack(stack.node.scope, 'There');
      bucket({ replicateTo: new DataWorksBucket(there, 'Copy', { key: tied(there) }) })(stack);
    },
  ],
  [
    'DW1042',
    'There/It/Resource',
    (stack) => {
      const replicateTo = new DataWorksBucket(stack, 'Copy', { key: key(stack, 'K') });
      bucket({ key: tied(new Stack(stack.node.scope, 'There')), replicateTo })(stack);
    },
  ],
  [
    'DW1041',
    'Stack/Copy, which restricts hr/',
    (stack) => {
      const restrictedPrefixes = [{ prefix: 'hr/', principalArns: ['arn:aws:iam::111122223333:role/hr'] }];
      bucket({ replicateTo: new DataWorksBucket(stack, 'Copy', { key: key(stack, 'K'), restrictedPrefixes }) })(stack);
    },
  ],
  [
    'DW1045',
    `Stack/There in us-east-1, for a bucket in ${REGION}`,
    (stack) => bucket({ key: Key.fromKeyArn(stack, 'There', `arn:aws:kms:us-east-1:${ACCOUNT}:key/there`) })(stack),
    () => newStack(here),
  ],
  ['DW1046', 'undefined', bucket({ key: undefined })],
  [
    'DW1044',
    'Stack/Copy without object lock',
    (stack) => {
      const replicateTo = new DataWorksBucket(stack, 'Copy', { key: key(stack, 'K') });
      bucket({ replicateTo, objectLock: ObjectLockRetention.governance(days(1)) })(stack);
    },
  ],
];

function refused([, , build, stackOf = newStack]: Case): Error {
  try {
    build(stackOf());
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was not refused.');
}

test.each(CASES.map((entry): [string, string, Case] => [entry[0], entry[1], entry]))('%s: %s', (code, received, entry) => {
  const { name, message } = refused(entry);
  expect(name).toBe('InvalidPropsError');
  expect(message).toContain(`${code} at `);
  expect(message.split('\n').filter((line) => line.startsWith(code) && line.includes(received))).not.toEqual([]);
});

const ALL = Object.values(REFUSALS);

test('every code is provoked above', () => {
  const elsewhere = [REFUSALS.cdkNagMissing.code]; // no prop's fault: checks/cdk-nag-rules.test.ts
  expect([...new Set(CASES.map(([code]) => code)), ...elsewhere].sort()).toEqual(ALL.map(({ code }) => code).sort());
});

test('no code is used twice', () => {
  expect(new Set(ALL.map(({ code }) => code)).size).toBe(ALL.length);
});

test('an error says code, path, value, what is allowed and the fix, each problem on a line of its own', () => {
  const { message } = refused([
    '',
    '',
    encryptionKey({ alias: 'aws/x', rotationPeriod: days(1), pendingWindow: days(1), keyPolicyOnly: true }),
  ]);
  expect(message.split('\n')).toEqual([
    `DW1001 at Stack/It: ${REFUSALS.aliasForm.what} Received: "aws/x". Allowed: ${REFUSALS.aliasForm.allowed}. Fix: ${REFUSALS.aliasForm.fix}.`,
    expect.stringContaining('DW1002 at Stack/It'),
    expect.stringContaining('DW1003 at Stack/It'),
    expect.stringContaining('DW1006 at Stack/It'),
  ]);
});

test('all problems of a bucket are reported at once', () => {
  const { message } = refused([
    '',
    '',
    (stack) =>
      bucket({
        bucketName: BucketName.explicit('A'),
        retention: Duration.hours(1),
        archiveTiers: { archiveAfter: days(1) },
        versioning: Versioning.disabled(),
        objectLock: ObjectLockRetention.governance(days(1)),
        restrictedPrefixes: [{ prefix: 'x', principalArns: [] }],
        accessLogsPrefix: 'x/',
        replicateTo: new HardenedBucket(stack, 'Copy', { encryption: sseS3 }),
      })(stack),
  ]);
  expect(message.match(/^DW\d+/gm)).toEqual([
    'DW1017',
    'DW1011',
    'DW1016',
    'DW1031',
    'DW1033',
    'DW1036',
    'DW1032',
    'DW1040',
    'DW1044',
    'DW1039',
  ]);
});

test('all problems of a lake, its key and its buckets are reported at once, each with its path', () => {
  const transitions = [{ storageClass: StorageClass.INFREQUENT_ACCESS, after: days(7) }];
  const act = lake({
    project: 'p p',
    parameterPrefix: 'x',
    accessLogsRetention: days(0),
    zones: [Zone.RAW, Zone.of('own'), Zone.CURATED],
    overrides: {
      raw: { transitions, bucketName: BucketName.explicit('A') },
      own: { retention: Duration.hours(1), versioning: Versioning.disabled(), objectLock: ObjectLockRetention.governance(days(1)) },
      curated: { removalPolicy: RemovalPolicy.DESTROY, restrictedPrefixes: [{ prefix: 'x', principalArns: [] }] },
    },
  });
  expect(refused(['', '', act]).message.match(/^DW\d+ at [^:]+/gm)).toEqual([
    'DW1022 at Stack/It',
    'DW1023 at Stack/It',
    'DW1001 at Stack/It/Key',
    'DW1011 at Stack/It/AccessLogs',
    'DW1017 at Stack/It/raw',
    'DW1012 at Stack/It/raw',
    'DW1011 at Stack/It/own',
    'DW1031 at Stack/It/own',
    'DW1033 at Stack/It/own',
    'DW1036 at Stack/It/curated',
  ]);
});

test('a zone that cannot be replicated with the key that it shall have is refused with the others', () => {
  const act = (stack: Stack) => {
    const replicateTo = new HardenedBucket(stack, 'Copy', { encryption: sseS3 });
    const elsewhere = tied(new Stack(stack.node.scope, 'There'));
    lake({ zones: [Zone.RAW, Zone.DOMAIN], overrides: { raw: { replicateTo }, domain: { replicateTo, key: elsewhere } } })(stack);
  };
  expect(refused(['', '', act]).message.match(/^DW\d+ at [^:]+/gm)).toEqual([
    'DW1040 at Stack/It/raw',
    'DW1040 at Stack/It/domain',
    'DW1042 at Stack/It/domain',
  ]);
});

/** One refused construct of each kind. */
test.each<[string, (stack: Stack) => unknown]>([
  ['key', encryptionKey({ pendingWindow: days(1) })],
  ['bucket', bucket({ retention: Duration.hours(1) })],
  ['lake', lake({ parameterPrefix: 'x' })],
  ['lake with a refused zone', lake({ overrides: { raw: { retention: days(0) } } })],
  ['lake with a refused key', lake({ project: 'p p' })],
  ['lake with refused access logs', lake({ accessLogsRetention: days(0) })],
  [
    'bucket with an imported log bucket',
    (stack) => new HardenedBucket(stack, 'It', { encryption: sseS3, accessLogsBucket: Bucket.fromBucketName(stack, 'Logs', 'logs') }),
  ],
])('nothing is created of a refused %s', (_, build) => {
  const stack = newStack();
  expect(() => build(stack)).toThrow(/^DW1/);
  expect(stack.node.tryFindChild('It')!.node.children).toEqual([]);
});

const token = Lazy.string({ produce: () => 'R&D' });
test.each<[string, Partial<DataLakeZonesProps>]>([
  ['letters and digits of every script, spaces and signs', { owner: 'Größe 東京 𠮷 ١ _.:/=+-@' }],
  ['aws: elsewhere than at the beginning', { owner: 'not aws:' }],
  ['256 characters', { owner: 'a'.repeat(256) }],
  ['tokens', { project: token, environment: token, owner: `team-${token}` }],
])('tags of a lake may be %s', (_, props) => {
  expect(() => lake(props)(newStack())).not.toThrow();
});

test('a refused key takes no alias', () => {
  const stack = newStack();
  expect(() => encryptionKey({ pendingWindow: days(1) })(stack)).toThrow('DW1003');
  expect(() => new EncryptionKey(stack, 'Second', { alias: 'lake' })).not.toThrow();
});
