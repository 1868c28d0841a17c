import { ConfigurationError, parseConfiguration, type ConfigurationProblem } from '../../src';

type Json = Record<string, unknown>;
const environment = (changes: Json = {}): Json => ({ name: 'dev', account: '111111111111', region: 'eu-central-1', ...changes });
const file = (changes: Json = {}, ...environments: Json[]): string =>
  JSON.stringify({
    project: { name: 'dataworks', owner: 'team' },
    environments: environments.length ? environments : [environment()],
    ...changes,
  });

function problemsOf(text: string): readonly ConfigurationProblem[] {
  try {
    parseConfiguration(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

test('defaults', () => {
  const { environments, ...rest } = parseConfiguration(
    file({}, environment(), environment({ name: 'prod', account: '222222222222', production: true })),
  );
  expect(rest).toEqual({
    project: { name: 'dataworks', owner: 'team', tags: {} },
    stateKey: 'dataworks-infra',
    stateName: 'dataworks-terraform-state',
    qualifier: 'dataworks',
    slackChannel: 'dataworks-releases',
  });
  expect(environments[0]).toMatchObject({ production: false, approvals: 1, planMaxAge: '24h', removalPolicy: 'retain' });
  expect(environments[0].after).toBeUndefined();
  expect(environments[1]).toMatchObject({ production: true, approvals: 2, planMaxAge: '8h', after: 'dev' });
});

const withEnvironment = (changes: Json) => file({}, environment(changes));
const withZone = (zoneId: string, changes: Json) => withEnvironment({ zones: { [zoneId]: changes } });
const MOVES = '$.environments[0].zones.domain.transitions';
const withMoves = (...transitions: Json[]) => withZone('domain', { transitions });
const withOwner = (owner: string) => file({ project: { name: 'dataworks', owner } });
const withTags = (shared: Record<string, string>) => file({ project: { name: 'dataworks', owner: 'team', tags: shared } });
const tags = (prefix: string, count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x']));
const PLACEHOLDER = '00000000-0000-0000-0000-000000000000';
const ID = '6f2c1e54-0a52-4c3b-9a44-0c9f3a3c1d11';
const withCircleCi = (ids: Json, account: string) =>
  file(
    { repository: 'github.com/acme/lake', circleci: { organizationId: ID, projectId: ID, ...ids } },
    environment(),
    environment({ name: 'test', account }),
  );
const two = (changes: Json) => file({}, environment(), environment({ name: 'prod', account: '222222222222', ...changes }));

const MISTAKES: Array<[string, string, string, string]> = [
  ['empty file', '', 'DW4001', 'line 1, column 1'],
  ['trailing comma', '{"a":1,}', 'DW4001', 'line 1, column 8'],
  ['comment', '{// x\n}', 'DW4001', 'line 1, column 2'],
  ['cut off', '{"project": {', 'DW4001', 'line 1, column 14'],
  ['key twice', file().replace('{"project"', '{"qualifier":"a","qualifier":"b","project"'), 'DW4002', '$.qualifier'],
  ['not an object', '[]', 'DW4006', '$'],
  ['no project', file({ project: undefined }), 'DW4004', '$.project'],
  ['no owner', file({ project: { name: 'dataworks' } }), 'DW4004', '$.project.owner'],
  ['empty owner', withOwner(''), 'DW4007', '$.project.owner'],
  ['project in upper case', file({ project: { name: 'DataWorks', owner: 'x' } }), 'DW4007', '$.project.name'],
  ['empty tag key', withTags({ '': 'x' }), 'DW4007', '$.project.tags[""]'],
  ['tag key of 129 characters', withTags({ ['a'.repeat(129)]: 'x' }), 'DW4007', `$.project.tags.${'a'.repeat(129)}`],
  ['owner of 257 characters', withOwner('a'.repeat(257)), 'DW4007', '$.project.owner'],
  ['tag value of 257 characters', withTags({ a: 'a'.repeat(257) }), 'DW4007', '$.project.tags.a'],
  ...['R&D', "data's", '(x)', 'a\tb', 'a\n', '🙂', 'aws:x', 'AWS:x'].flatMap((text): Array<[string, string, string, string]> => [
    [`owner ${JSON.stringify(text)}`, withOwner(text), 'DW4007', '$.project.owner'],
    [`tag key ${JSON.stringify(text)}`, withTags({ [text]: 'x' }), 'DW4007', `$.project.tags[${JSON.stringify(text)}]`],
    [`tag value ${JSON.stringify(text)}`, withTags({ a: text }), 'DW4007', '$.project.tags.a'],
    [`tag value ${JSON.stringify(text)} of an environment`, withEnvironment({ tags: { a: text } }), 'DW4007', '$.environments[0].tags.a'],
  ]),
  ['tag is a number', file({ project: { name: 'dataworks', owner: 'x', tags: { a: 1 } } }), 'DW4006', '$.project.tags.a'],
  ['unknown key', file({ enviroments: [] }), 'DW4003', '$.enviroments'],
  ['no environments', file({ environments: [] }), 'DW4008', '$.environments'],
  ['environments is an object', file({ environments: {} }), 'DW4006', '$.environments'],
  ['qualifier too long', file({ qualifier: 'a'.repeat(11) }), 'DW4007', '$.qualifier'],
  ['state name in upper case', file({ stateName: 'State' }), 'DW4007', '$.stateName'],
  ['channel with #', file({ slackChannel: '#x' }), 'DW4007', '$.slackChannel'],
  ['repository as URL', file({ repository: 'https://github.com/a/b' }), 'DW4007', '$.repository'],
  ['no UUID', withCircleCi({ organizationId: 'acme' }, '222222222222'), 'DW4007', '$.circleci.organizationId'],
  ['placeholder in a real account', withCircleCi({ projectId: PLACEHOLDER }, '123456789012'), 'DW4027', '$.circleci.projectId'],
  ['account with 11 digits', withEnvironment({ account: '11111111111' }), 'DW4007', '$.environments[0].account'],
  ['account as a number', withEnvironment({ account: 111111111111 }), 'DW4006', '$.environments[0].account'],
  ['no region', withEnvironment({ region: undefined }), 'DW4004', '$.environments[0].region'],
  ['region of no form', withEnvironment({ region: 'Frankfurt' }), 'DW4007', '$.environments[0].region'],
  ['name with a slash', withEnvironment({ name: 'dev/a' }), 'DW4007', '$.environments[0].name'],
  ['no approvals', withEnvironment({ approvals: 0 }), 'DW4008', '$.environments[0].approvals'],
  ['half an approval', withEnvironment({ approvals: 1.5 }), 'DW4006', '$.environments[0].approvals'],
  ['age without a unit', withEnvironment({ planMaxAge: '24' }), 'DW4007', '$.environments[0].planMaxAge'],
  ['production as text', withEnvironment({ production: 'yes' }), 'DW4006', '$.environments[0].production'],
  ['policy of no kind', withEnvironment({ removalPolicy: 'delete' }), 'DW4005', '$.environments[0].removalPolicy'],
  ['zone with an unknown key', withZone('raw', { retention: 5 }), 'DW4003', '$.environments[0].zones.raw.retention'],
  ['retention of 0 days', withZone('raw', { retentionDays: 0 }), 'DW4008', '$.environments[0].zones.raw.retentionDays'],
  [
    'storage class of no kind',
    withZone('raw', { transitions: [{ storageClass: 'IA', afterDays: 1 }] }),
    'DW4005',
    '$.environments[0].zones.raw.transitions[0].storageClass',
  ],
  ['unknown zone', withZone('bronze', {}), 'DW4016', '$.environments[0].zones.bronze'],
  [
    'noncurrent without versions',
    withZone('raw-archive', { versioned: false, noncurrentDays: 3 }),
    'DW4017',
    '$.environments[0].zones["raw-archive"].noncurrentDays',
  ],
  ['versions for ever', withZone('raw', { versioned: true }), 'DW4018', '$.environments[0].zones.raw.versioned'],
  ['infrequent access too early', withMoves({ storageClass: 'STANDARD_IA', afterDays: 29 }), 'DW4022', `${MOVES}[0].afterDays`],
  ['one zone too early', withMoves({ storageClass: 'ONEZONE_IA', afterDays: 0 }), 'DW4022', `${MOVES}[0].afterDays`],
  [
    'warmer class',
    withMoves({ storageClass: 'GLACIER', afterDays: 90 }, { storageClass: 'GLACIER_IR', afterDays: 180 }),
    'DW4023',
    `${MOVES}[1]`,
  ],
  [
    'class twice',
    withMoves({ storageClass: 'GLACIER', afterDays: 90 }, { storageClass: 'GLACIER', afterDays: 180 }),
    'DW4023',
    `${MOVES}[1]`,
  ],
  [
    'moves on the same day',
    withMoves({ storageClass: 'GLACIER', afterDays: 90 }, { storageClass: 'DEEP_ARCHIVE', afterDays: 90 }),
    'DW4023',
    `${MOVES}[1]`,
  ],
  [
    '29 days in Standard-IA',
    withMoves({ storageClass: 'STANDARD_IA', afterDays: 30 }, { storageClass: 'GLACIER', afterDays: 59 }),
    'DW4023',
    `${MOVES}[1]`,
  ],
  [
    'deleted on the day of the last move',
    withZone('raw', { retentionDays: 90, transitions: [{ storageClass: 'GLACIER', afterDays: 90 }] }),
    'DW4024',
    '$.environments[0].zones.raw.retentionDays',
  ],
  [
    "tag of the lake's own on everything",
    file({ project: { name: 'dataworks', owner: 'x', tags: { Owner: 'y' } } }),
    'DW4020',
    '$.project.tags.Owner',
  ],
  ...['environment', 'project', 'owner', 'zone', 'CLASSIFICATION'].map((key): [string, string, string, string] => [
    `tag ${key} of an environment`,
    withEnvironment({ tags: { [key]: 'y' } }),
    'DW4020',
    `$.environments[0].tags.${key}`,
  ]),
  ['46 tags on everything', file({ project: { name: 'dataworks', owner: 'x', tags: tags('a', 46) } }), 'DW4021', '$.project.tags'],
  [
    '46 tags in an environment',
    file({ project: { name: 'dataworks', owner: 'x', tags: tags('a', 40) } }, environment({ tags: tags('b', 6) })),
    'DW4021',
    '$.environments[0].tags',
  ],
  ['stacks, of which there is only one', withEnvironment({ stacks: ['lake'] }), 'DW4003', '$.environments[0].stacks'],
  ['same name', two({ name: 'dev' }), 'DW4011', '$.environments[1].name'],
  ['same account and region', two({ account: '111111111111' }), 'DW4012', '$.environments[1].account'],
  ['after one that is not before', two({ after: 'test' }), 'DW4013', '$.environments[1].after'],
  ['after itself', withEnvironment({ after: 'dev' }), 'DW4013', '$.environments[0].after'],
  ['production that destroys', two({ production: true, removalPolicy: 'destroy' }), 'DW4014', '$.environments[1].removalPolicy'],
  ['production with an old plan', two({ production: true, planMaxAge: '8d' }), 'DW4015', '$.environments[1].planMaxAge'],
  ['state bucket name too long', file({ stateName: 'a'.repeat(50), stateNameSuffix: 'b'.repeat(20) }), 'DW4019', '$.environments[0].name'],
];

test.each(MISTAKES)('%s', (_name, text, code, path) => {
  expect(problemsOf(text).map((problem) => [problem.code, problem.path])).toEqual([[code, path]]);
});

test('text that is nested without end is not JSON, and no defect', () => {
  expect(problemsOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toMatchObject([{ code: 'DW4001', path: '$' }]);
});

test('both placeholders are found; in the accounts of an example they may stand', () => {
  const placeholders = { organizationId: PLACEHOLDER, projectId: PLACEHOLDER };
  expect(problemsOf(withCircleCi(placeholders, '123456789012'))).toMatchObject([
    { code: 'DW4027', path: '$.circleci.organizationId' },
    { code: 'DW4027', path: '$.circleci.projectId' },
  ]);
  expect(problemsOf(withCircleCi(placeholders, '222222222222'))).toEqual([]);
});

test('everything that is wrong with tags is said at once, with what AWS allows', () => {
  const text = file({ project: { name: 'dataworks', owner: 'R&D', tags: { 'a&b': 'c&d' } } }, environment({ tags: { 'aws:x': '#' } }));
  const allowed = "letters, digits, spaces and '_.:/=+-@', not beginning with 'aws:'";
  expect(problemsOf(text).map((problem) => [problem.path, problem.received, problem.allowed])).toEqual([
    ['$.project.owner', '"R&D"', `1 to 256 ${allowed}`],
    ['$.project.tags["a&b"]', '"a&b"', `1 to 128 ${allowed}`],
    ['$.project.tags["a&b"]', '"c&d"', `at most 256 ${allowed}`],
    ['$.environments[0].tags["aws:x"]', '"aws:x"', `1 to 128 ${allowed}`],
    ['$.environments[0].tags["aws:x"]', '"#"', `at most 256 ${allowed}`],
  ]);
});

test.each([
  ...['Größe 東京 ١ _.:/=+-@', 'not aws:', 'a'.repeat(128), '𠮷'.repeat(128)].map((text): [string, string] => [
    `tags and owner ${text}`,
    file({ project: { name: 'dataworks', owner: text, tags: { [text]: text } } }, environment({ tags: { [text]: text } })),
  ]),
  ['tag value and owner of 256 characters', file({ project: { name: 'dataworks', owner: 'a'.repeat(256), tags: { a: 'a'.repeat(256) } } })],
  ['an empty tag value', withTags({ a: '' })],
  [
    '45 tags, shared ones counted once',
    file({ project: { name: 'dataworks', owner: 'x', tags: tags('a', 45) } }, environment({ tags: tags('a', 45) })),
  ],
  ['30 days in Standard-IA', withMoves({ storageClass: 'STANDARD_IA', afterDays: 30 }, { storageClass: 'GLACIER', afterDays: 60 })],
  [
    'deleted the day after the last move',
    withZone('raw', { retentionDays: 91, transitions: [{ storageClass: 'GLACIER', afterDays: 90 }] }),
  ],
  ['Intelligent-Tiering from day 0', withMoves({ storageClass: 'INTELLIGENT_TIERING', afterDays: 0 })],
  ['versions in a zone that has none', withZone('temp-reload', { versioned: true, noncurrentDays: 5 })],
  ['state bucket name of 63 characters', file({ stateName: 'a'.repeat(40), stateNameSuffix: 'b'.repeat(18) })],
  ['production with a plan of a week', two({ production: true, planMaxAge: '7d' })],
  ['a file of Windows, with byte order mark', `\uFEFF${file()}`],
])('is accepted: %s', (_name, text) => {
  expect(problemsOf(text)).toEqual([]);
});
