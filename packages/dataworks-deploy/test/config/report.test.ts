import { join } from 'node:path';
import { ConfigurationError, loadConfiguration, parseConfiguration } from '../../src';
import { MISTAKES } from '../../src/config/mistakes';

/** The report, a line per problem. */
function report(check: () => unknown): string[] {
  try {
    check();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}
const reportOf = (text: string): string[] => report(() => parseConfiguration(text, 'lake/dataworks.json'));

/** Every kind of mistake at once, but those that leave no JSON to look into. */
const MANY = `{
  "qualifier": "a",
  "project": { "name": "Data", "tags": { "Zone": "x", "aws:a": "y", "1": 2 } },
  "qualifier": "lake-of-ours",
  "color": "blue",
  "circleci": { "organizationId": "11111111-2222-4333-8444-555555555555", "projectId": "66666666-7777-4888-9999-000000000000" },
  "stateName": "${'s'.repeat(56)}",
  "environments": [
    { "name": "dev", "account": "1", "region": "eu-central-1", "after": "nobody", "approvals": 9, "production": "no" },
    7,
    {
      "name": "dev",
      "account": "222222222222",
      "region": "eu-central-1",
      "production": true,
      "removalPolicy": "destroy",
      "planMaxAge": "8d",
      "tags": {${Array.from({ length: 44 }, (_, index) => `"t${index}": "x"`).join()}},
      "zones": {
        "bronze": { "versioned": true },
        "raw": { "versioned": true, "noncurrentDays": 0, "events": true, "events": "yes" },
        "domain": {
          "versioned": false,
          "noncurrentDays": 3,
          "retentionDays": 50,
          "transitions": [
            { "storageClass": "STANDARD_IA", "afterDays": 10 },
            { "storageClass": "WARM", "afterDays": 60 },
            { "storageClass": "GLACIER", "afterDays": 90 },
            { "storageClass": "GLACIER_IR", "afterDays": 100 }
          ]
        }
      }
    },
    { "name": "prod", "account": "222222222222", "region": "eu-central-1", "removalPolicy": "burn", "administrators": ["arn:aws:iam::111111111111:role/Admin", "arn:aws:iam::222222222222:role/*"] }
  ]
}`;

/** What is said of it, in the order of the file. */
const SAID = [
  'DW4002 $.qualifier: The key stands here more than once; all but the last would be ignored. Allowed: each key once.',
  'DW4007 $.qualifier: Wrong form. Received: "lake-of-ours". Allowed: 1 to 10 lower-case letters and digits.',
  'DW4004 $.project.owner: Missing. Allowed: a value: the key is required.',
  'DW4007 $.project.name: Wrong form. Received: "Data". Allowed: 2 to 20 lower-case letters, digits and hyphens, beginning with a letter.',
  'DW4020 $.project.tags.Zone: The lake sets this tag itself. Received: "Zone". Allowed: keys other than environment, project, owner, zone, classification: rename it, or leave it out.',
  'DW4007 $.project.tags["aws:a"]: Wrong form. Received: "aws:a". Allowed: 1 to 128 letters, digits, spaces and \'_.:/=+-@\', not beginning with \'aws:\'.',
  'DW4006 $.project.tags["1"]: Wrong type. Received: 2. Allowed: string.',
  'DW4003 $.color: Unknown key. Received: "color". Allowed: $schema, project, stateKey, stateName, stateNameSuffix, qualifier, repository, slackChannel, circleci, environments.',
  "DW4026 $.circleci: The pipeline's roles would trust no repository. Received: no repository. Allowed: together with repository, like github.com/acme/lake.",
  'DW4007 $.environments[0].account: Wrong form. Received: "1". Allowed: 12 digits, as a string.',
  'DW4013 $.environments[0].after: Not an environment that comes before this one. Received: "nobody". Allowed: nothing: no environment comes before.',
  'DW4008 $.environments[0].approvals: Out of range. Received: 9. Allowed: at most 5.',
  'DW4006 $.environments[0].production: Wrong type. Received: "no". Allowed: boolean.',
  'DW4006 $.environments[1]: Wrong type. Received: 7. Allowed: object.',
  'DW4011 $.environments[2].name: Another environment has this name. Received: "dev". Allowed: a name of its own.',
  'DW4014 $.environments[2].removalPolicy: Data of production is never deleted with its stack. Received: "destroy". Allowed: retain.',
  'DW4015 $.environments[2].planMaxAge: A plan for production should not wait longer than a week. Received: "8d". Allowed: at most 7d.',
  'DW4021 $.environments[2].tags: Together with the tags of the lake, AWS would reject so many on one resource. Received: 47 tags. Allowed: at most 45 of project and environment together: leave some out.',
  'DW4016 $.environments[2].zones.bronze: The lake has no such zone. Received: "bronze". Allowed: glue-jobs, raw-archive, raw, structured, curated, temp-reload, domain, schema-registry, domain-config, violation, landing, landing-process, quarantine.',
  'DW4018 $.environments[2].zones.bronze.versioned: Old versions would pile up for ever. Received: true. Allowed: together with noncurrentDays.',
  'DW4008 $.environments[2].zones.raw.noncurrentDays: Out of range. Received: 0. Allowed: at least 1.',
  'DW4002 $.environments[2].zones.raw.events: The key stands here more than once; all but the last would be ignored. Allowed: each key once.',
  'DW4006 $.environments[2].zones.raw.events: Wrong type. Received: "yes". Allowed: boolean.',
  'DW4017 $.environments[2].zones.domain.noncurrentDays: Without versioning there are no noncurrent versions. Received: 3. Allowed: leave it out, or versioned: true.',
  'DW4024 $.environments[2].zones.domain.retentionDays: S3 would reject the rule: objects are deleted before they have moved. Received: 50. Allowed: more than 100, the age of the last transition.',
  'DW4022 $.environments[2].zones.domain.transitions[0].afterDays: S3 would reject the transition: objects stay 30 days in S3 Standard before this class. Received: 10. Allowed: 30 or more, or INTELLIGENT_TIERING.',
  'DW4005 $.environments[2].zones.domain.transitions[1].storageClass: Not one of the choices. Received: "WARM". Allowed: STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE.',
  'DW4023 $.environments[2].zones.domain.transitions[3]: S3 would reject the transition: it cannot follow the one before. Received: GLACIER_IR after 100 days. Allowed: DEEP_ARCHIVE, after 91 days or more.',
  'DW4012 $.environments[3].account: Another environment is in the same account and region. Received: "222222222222". Allowed: an account of its own: environments share nothing.',
  'DW4005 $.environments[3].removalPolicy: Not one of the choices. Received: "burn". Allowed: retain, destroy.',
  'DW4025 $.environments[3].administrators[0]: The role is of another account than the environment. Received: "arn:aws:iam::111111111111:role/Admin". Allowed: roles of account 222222222222.',
  "DW4007 $.environments[3].administrators[1]: Wrong form. Received: \"arn:aws:iam::222222222222:role/*\". Allowed: the ARN of a role, with '*' only after its last '/' and the first character there.",
];

test('mistakes of all kinds are reported at once, in the order of the file, none twice', () => {
  const [title, ...lines] = reportOf(MANY);
  expect(lines.map((line) => line.trimStart())).toEqual(SAID);
  expect(title).toBe(`lake/dataworks.json: ${SAID.length} problems`);
});

const BUCKET_NAME = `${'s'.repeat(56)}-staging`;
const ONE_BY_ONE: Array<[string, () => unknown, string]> = [
  [
    'no file',
    () => loadConfiguration(join(__dirname, 'nowhere.json')),
    'DW4000 $: The file cannot be read. Received: ENOENT: no such file or directory. Allowed: a readable file.',
  ],
  [
    'no JSON',
    () => parseConfiguration('{\n  "project": x}'),
    'DW4001 line 2, column 14: Not JSON. Received: "x}" (InvalidSymbol). Allowed: JSON without comments and trailing commas.',
  ],
  [
    'placeholder',
    () =>
      parseConfiguration(
        MANY.replace(/"organizationId": "[^"]+"/, '"organizationId": "00000000-0000-0000-0000-000000000000"').replaceAll(
          '222222222222',
          '123456789012',
        ),
      ),
    'DW4027 $.circleci.organizationId: A placeholder: CircleCI gives no token with this id, so the roles of the pipeline would trust nobody. Received: "00000000-0000-0000-0000-000000000000". Allowed: the id that CircleCI\'s settings show, or no circleci.',
  ],
  [
    'state bucket name too long',
    () => parseConfiguration(MANY.replace(/"dev"/g, '"staging"')),
    `DW4019 $.environments[0].name: The state bucket's name would be too long. Received: "${BUCKET_NAME}", ${BUCKET_NAME.length} characters. Allowed: at most 63: shorten stateName, the name or stateNameSuffix.`,
  ],
];

test.each(ONE_BY_ONE)('the report of %s', (_name, check, line) => {
  expect(report(check).map((said) => said.trimStart())).toContain(line);
});

test('the report of every code is tested', () => {
  const tested = [...SAID, ...ONE_BY_ONE.map(([, , line]) => line)].map((line) => line.slice(0, 6));
  expect([...new Set(tested)].sort()).toEqual(
    Object.values(MISTAKES)
      .map(({ code }) => code)
      .sort(),
  );
});

test('a byte order mark does not shift what was received', () => {
  const [, plain] = reportOf('{"project": x}');
  expect(plain).toContain('"x}"');
  expect(reportOf('\uFEFF{"project": x}')[1]).toBe(plain);
});

test('what is missing or malformed is not held against the rest', () => {
  // No stateName of the right form: the default is not held against the long suffix. No versions for ever: noncurrentDays is there.
  const text = JSON.stringify({
    project: { name: 'dataworks', owner: 'team' },
    stateName: 'State',
    stateNameSuffix: 's'.repeat(32),
    environments: [
      { account: '111111111111', region: 'Frankfurt' },
      { account: '111111111111', region: 'Frankfurt', name: 'production', zones: { raw: { versioned: true, noncurrentDays: '5' } } },
    ],
  });
  expect(
    reportOf(text)
      .slice(1)
      .map((line) => line.trimStart().split(':')[0]),
  ).toEqual([
    'DW4007 $.stateName',
    'DW4004 $.environments[0].name',
    'DW4007 $.environments[0].region',
    'DW4007 $.environments[1].region',
    'DW4006 $.environments[1].zones.raw.noncurrentDays',
  ]);
});
