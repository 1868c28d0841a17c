import type { Configuration, Environment } from './configuration';
import { memberPath } from './json';
import type { ConfigurationProblem } from './problem';

/** Ids of the lake's zones. */
export const ZONE_IDS = [
  'glue-jobs',
  'raw-archive',
  'raw',
  'structured',
  'curated',
  'temp-reload',
  'domain',
  'schema-registry',
  'domain-config',
  'violation',
  'landing',
  'landing-process',
  'quarantine',
] as const;

/** S3's limit, less the hyphens between the parts. */
const BUCKET_NAME_MAX = 63;
const DAY_IN_MINUTES = 24 * 60;

/** What a schema cannot say: values that contradict each other. */
export function meaningProblems(configuration: Configuration): ConfigurationProblem[] {
  return configuration.environments.flatMap((environment, index) => {
    const path = `$.environments[${index}]`;
    const before = configuration.environments.slice(0, index);
    return [
      ...duplicates(environment, before, path),
      ...order(environment, before, path),
      ...production(environment, path),
      ...zones(environment, path),
      ...bucketName(configuration, environment, path),
    ];
  });
}

function duplicates({ name, account, region }: Environment, before: readonly Environment[], path: string): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (before.some((other) => other.name === name)) {
    problems.push({
      code: 'DW4011',
      path: `${path}.name`,
      message: 'Another environment has this name.',
      received: JSON.stringify(name),
      allowed: 'a name of its own',
    });
  }
  const twin = before.find((other) => other.account === account && other.region === region);
  if (twin) {
    problems.push({
      code: 'DW4012',
      path: `${path}.account`,
      message: `Environment '${twin.name}' is in the same account and region.`,
      received: JSON.stringify(account),
      allowed: 'an account of its own: environments share nothing',
    });
  }
  return problems;
}

function order({ after }: Environment, before: readonly Environment[], path: string): ConfigurationProblem[] {
  const names = before.map(({ name }) => name);
  if (after === undefined || names.includes(after)) return [];
  return [
    {
      code: 'DW4013',
      path: `${path}.after`,
      message: 'Not an environment that comes before this one.',
      received: JSON.stringify(after),
      allowed: names.join(', ') || 'nothing: this is the first environment',
    },
  ];
}

function production(environment: Environment, path: string): ConfigurationProblem[] {
  if (!environment.production) return [];
  const problems: ConfigurationProblem[] = [];
  if (environment.removalPolicy !== 'retain') {
    problems.push({
      code: 'DW4014',
      path: `${path}.removalPolicy`,
      message: 'Data of production is never deleted with its stack.',
      received: JSON.stringify(environment.removalPolicy),
      allowed: 'retain',
    });
  }
  if (minutes(environment.planMaxAge) > 7 * DAY_IN_MINUTES) {
    problems.push({
      code: 'DW4015',
      path: `${path}.planMaxAge`,
      message: 'A plan for production should not wait longer than a week.',
      received: JSON.stringify(environment.planMaxAge),
      allowed: 'at most 7d',
    });
  }
  return problems;
}

function zones({ zones: changes }: Environment, path: string): ConfigurationProblem[] {
  return Object.entries(changes).flatMap(([zoneId, change]) => {
    const at = memberPath(`${path}.zones`, zoneId);
    const problems: ConfigurationProblem[] = [];
    if (!(ZONE_IDS as readonly string[]).includes(zoneId)) {
      problems.push({
        code: 'DW4016',
        path: at,
        message: 'The lake has no such zone.',
        received: JSON.stringify(zoneId),
        allowed: ZONE_IDS.join(', '),
      });
    }
    if (change.noncurrentDays !== undefined && change.versioned === false) {
      problems.push({
        code: 'DW4017',
        path: `${at}.noncurrentDays`,
        message: 'Without versioning there are no noncurrent versions.',
        received: JSON.stringify(change.noncurrentDays),
        allowed: 'leave it out, or versioned: true',
      });
    }
    if (change.versioned === true && change.noncurrentDays === undefined) {
      problems.push({
        code: 'DW4018',
        path: `${at}.versioned`,
        message: 'Old versions would pile up for ever.',
        received: 'true',
        allowed: 'together with noncurrentDays',
      });
    }
    return problems;
  });
}

function bucketName({ stateName, stateNameSuffix }: Configuration, { name }: Environment, path: string): ConfigurationProblem[] {
  const bucket = [stateName, name, stateNameSuffix].filter(Boolean).join('-');
  if (bucket.length <= BUCKET_NAME_MAX) return [];
  return [
    {
      code: 'DW4019',
      path: `${path}.name`,
      message: `The state bucket's name would be ${bucket.length} characters long.`,
      received: JSON.stringify(bucket),
      allowed: `at most ${BUCKET_NAME_MAX}: shorten stateName, the name or stateNameSuffix`,
    },
  ];
}

function minutes(age: string): number {
  return Number(age.slice(0, -1)) * { m: 1, h: 60, d: DAY_IN_MINUTES }[age.slice(-1) as 'm' | 'h' | 'd'];
}
