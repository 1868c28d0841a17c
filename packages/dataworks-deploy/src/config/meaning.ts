import type { Configuration, Environment } from './configuration';
import { MISTAKES } from './mistakes';
import type { Path } from './path';
import type { Finding } from './problem';
import { tagFindings } from './tags';
import type { WellFormed } from './well-formed';
import { zoneFindings } from './zones';

type EnvironmentDraft = WellFormed<Environment>;

/** S3's limit. */
const BUCKET_NAME_MAX = 63;
/** Of which CircleCI makes no id: its own are random. */
const PLACEHOLDER = '00000000-0000-0000-0000-000000000000';
/** One digit, twelve times, as in everybody's examples. */
const EXAMPLE_ACCOUNT = /^(\d)\1{11}$/;
const DAY_IN_MINUTES = 24 * 60;

/** What a schema cannot say: values that contradict each other. Looks at what is well formed, and says nothing of the rest. */
export function meaningFindings(configuration: WellFormed<Configuration>): Finding[] {
  const environments = configuration.environments ?? [];
  return [
    ...tagFindings(configuration),
    ...pipeline(configuration),
    ...placeholders(configuration),
    ...environments.flatMap((environment, index) => {
      if (!environment) return [];
      const at = ['environments', index];
      const before = environments.slice(0, index).filter((other) => other !== undefined);
      return [
        ...duplicates(environment, before, at),
        ...order(environment, before, at),
        ...production(environment, at),
        ...administrators(environment, at),
        ...zoneFindings(environment.zones ?? {}, [...at, 'zones']),
        ...bucketName(configuration, environment, at),
      ];
    }),
  ];
}

function duplicates({ name, account, region }: EnvironmentDraft, before: readonly EnvironmentDraft[], at: Path): Finding[] {
  const findings: Finding[] = [];
  if (name !== undefined && before.some((other) => other.name === name)) {
    findings.push({ ...MISTAKES.nameTaken, at: [...at, 'name'], received: JSON.stringify(name), allowed: 'a name of its own' });
  }
  if (account === undefined || region === undefined) return findings;
  if (before.some((other) => other.account === account && other.region === region)) {
    findings.push({
      ...MISTAKES.accountTaken,
      at: [...at, 'account'],
      received: JSON.stringify(account),
      allowed: 'an account of its own: environments share nothing',
    });
  }
  return findings;
}

function order({ after }: EnvironmentDraft, before: readonly EnvironmentDraft[], at: Path): Finding[] {
  const names = before.map(({ name }) => name).filter((name) => name !== undefined);
  if (after === undefined || names.includes(after)) return [];
  const allowed = names.join(', ') || 'nothing: no environment comes before';
  return [{ ...MISTAKES.afterNobody, at: [...at, 'after'], received: JSON.stringify(after), allowed }];
}

function production({ production: isProduction, removalPolicy, planMaxAge }: EnvironmentDraft, at: Path): Finding[] {
  if (isProduction !== true) return [];
  const findings: Finding[] = [];
  if (removalPolicy === 'destroy') {
    findings.push({
      ...MISTAKES.destroysProduction,
      at: [...at, 'removalPolicy'],
      received: JSON.stringify(removalPolicy),
      allowed: 'retain',
    });
  }
  if (planMaxAge !== undefined && minutes(planMaxAge) > 7 * DAY_IN_MINUTES) {
    findings.push({ ...MISTAKES.oldPlan, at: [...at, 'planMaxAge'], received: JSON.stringify(planMaxAge), allowed: 'at most 7d' });
  }
  return findings;
}

/** A repository that is there and malformed is a finding already. */
function pipeline(configuration: WellFormed<Configuration>): Finding[] {
  if (configuration.circleci === undefined || 'repository' in configuration) return [];
  const allowed = 'together with repository, like github.com/acme/lake';
  return [{ ...MISTAKES.repositoryMissing, at: ['circleci'], received: 'no repository', allowed }];
}

/** An example may say that it is one, as long as its accounts are nobody's either. */
function placeholders({ circleci = {}, environments = [] }: WellFormed<Configuration>): Finding[] {
  if (!environments.some((environment) => environment?.account !== undefined && !EXAMPLE_ACCOUNT.test(environment.account))) return [];
  return (['organizationId', 'projectId'] as const)
    .filter((key) => circleci[key] === PLACEHOLDER)
    .map((key) => ({
      ...MISTAKES.placeholder,
      at: ['circleci', key],
      received: JSON.stringify(PLACEHOLDER),
      allowed: "the id that CircleCI's settings show, or no circleci",
    }));
}

function administrators({ administrators: roles = [], account }: EnvironmentDraft, at: Path): Finding[] {
  return roles.flatMap((role, index) => {
    if (role === undefined || account === undefined || role.split(':')[4] === account) return [];
    return [
      {
        ...MISTAKES.foreignAdministrator,
        at: [...at, 'administrators', index],
        received: JSON.stringify(role),
        allowed: `roles of account ${account}`,
      },
    ];
  });
}

function bucketName({ stateName, stateNameSuffix }: WellFormed<Configuration>, { name }: EnvironmentDraft, at: Path): Finding[] {
  if (stateName === undefined || name === undefined) return [];
  const bucket = [stateName, name, stateNameSuffix].filter(Boolean).join('-');
  if (bucket.length <= BUCKET_NAME_MAX) return [];
  return [
    {
      ...MISTAKES.stateBucketName,
      at: [...at, 'name'],
      received: `${JSON.stringify(bucket)}, ${bucket.length} characters`,
      allowed: `at most ${BUCKET_NAME_MAX}: shorten stateName, the name or stateNameSuffix`,
    },
  ];
}

function minutes(age: string): number {
  return Number(age.slice(0, -1)) * { m: 1, h: 60, d: DAY_IN_MINUTES }[age.slice(-1) as 'm' | 'h' | 'd'];
}
