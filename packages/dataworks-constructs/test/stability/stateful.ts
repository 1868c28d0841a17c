import { readFileSync, writeFileSync } from 'node:fs';
import type { Resource, Template } from './every-option';

interface StatefulType {
  /** Properties that CloudFormation cannot change: it replaces the resource, or refuses the update. */
  readonly fixed: readonly string[];
  /** What a replacement does; a new logical id is one too. */
  readonly consequence: string;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ "Update requires", type by type */
const STATEFUL: Readonly<Record<string, StatefulType>> = {
  'AWS::S3::Bucket': {
    fixed: ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
    consequence: 'an empty bucket takes its place, and its objects are left where nobody looks for them',
  },
  'AWS::S3::BucketPolicy': {
    fixed: ['Bucket'],
    consequence: 'the new policy is written first and the old one deleted last, which leaves the bucket without any',
  },
  'AWS::KMS::Key': {
    fixed: ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
    consequence: 'another key takes its place, and what the old one encrypted cannot be read with it',
  },
  'AWS::KMS::Alias': { fixed: ['AliasName'], consequence: 'whoever uses the key by its alias finds none, or another key' },
  'AWS::SSM::Parameter': { fixed: ['Name'], consequence: 'stacks and teams that read it fail to deploy' },
  'AWS::DynamoDB::Table': {
    fixed: ['KeySchema', 'TableName'],
    consequence: 'an empty table takes its place: whoever holds a lock in the old one excludes nobody',
  },
  'AWS::ECR::Repository': {
    fixed: ['EncryptionConfiguration', 'RepositoryName'],
    consequence: 'functions that run from its images find none',
  },
  'AWS::IAM::ManagedPolicy': {
    fixed: ['Description', 'ManagedPolicyName', 'Path'],
    consequence: 'roles elsewhere that carry the policy keep it from being replaced, and the deployment fails',
  },
  'AWS::IAM::OIDCProvider': { fixed: ['Url'], consequence: 'no token is taken until the new one is there' },
  'AWS::IAM::Role': { fixed: ['RoleName', 'Path'], consequence: 'policies elsewhere that name the role no longer mean it' },
};

/** Replaced without anybody noticing. */
const STATELESS = ['AWS::IAM::Policy'];

/** What must not change of one resource: its type, what becomes of it, and its fixed properties. */
type Kept = Readonly<Record<string, unknown>> & { readonly Type: string };

/** Stateful resources by stack and logical id. */
export type Baseline = Readonly<Partial<Record<string, Readonly<Partial<Record<string, Kept>>>>>>;

export function statefulResources(templates: Readonly<Record<string, Template>>): Record<string, Record<string, Kept>> {
  return mapValues(templates, ({ Resources }) =>
    mapValues(Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => !STATELESS.includes(Type))), kept),
  );
}

function kept({ Type, DeletionPolicy, UpdateReplacePolicy, Properties = {} }: Resource): Kept {
  const stateful = STATEFUL[Type] as StatefulType | undefined;
  if (!stateful) throw new Error(`Say in stateful.ts which properties replace an ${Type}, or that it holds no state.`);
  const fixed = stateful.fixed.filter((name) => name in Properties).map((name) => [name, Properties[name]]);
  return { Type, DeletionPolicy, UpdateReplacePolicy, ...(Object.fromEntries(fixed) as Json) };
}

/** What a deployment would replace, orphan or add, and what to do: empty when it would do neither. */
export function changes(before: Baseline, after: Baseline): string[] {
  return keysOf(before, after).flatMap((stack) =>
    keysOf(before[stack], after[stack]).flatMap((logicalId) => {
      const [was, is] = [before[stack]?.[logicalId], after[stack]?.[logicalId]];
      return change(was, is).map((what) => `${stack}, ${logicalId} (${(was ?? is)!.Type}) ${what}`);
    }),
  );
}

function change(was: Kept | undefined, is: Kept | undefined): string[] {
  if (!was) return ['is new: record it'];
  const { consequence } = STATEFUL[was.Type];
  const fate = was.DeletionPolicy === undefined || was.DeletionPolicy === 'Delete' ? 'would be deleted' : 'would be orphaned';
  if (!is) return [`${fate}: ${consequence}`];
  return keysOf(was, is)
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => {
      const from = `${name} is ${JSON.stringify(is[name])} instead of ${JSON.stringify(was[name])}`;
      return name.endsWith('Policy') ? `would have another fate: ${from}` : `would be replaced: ${from}; ${consequence}`;
    });
}

/** Fails with every change, and with the way out. */
export function expectUnchanged(baselineFile: string, templates: Readonly<Record<string, Template>>): void {
  const found = changes(JSON.parse(readFileSync(baselineFile, 'utf8')) as Baseline, statefulResources(templates));
  if (found.length === 0) return;
  throw new Error(
    [
      ...found,
      '',
      'Deployed lakes have these resources. Keep logical ids and fixed properties as they are; to change them on purpose,',
      'say in the release notes how data moves, run `npx projen stability:write`, and have the baseline reviewed.',
    ].join('\n'),
  );
}

/** Writes the baseline anew: one line per resource, so that a review sees what changed. */
export function writeBaseline(file: string, templates: Readonly<Record<string, Template>>): void {
  const stacks = Object.entries(statefulResources(templates)).map(([stack, resources]) => {
    const lines = Object.entries(resources).map(([logicalId, resource]) => `    ${JSON.stringify(logicalId)}: ${JSON.stringify(resource)}`);
    return `  ${JSON.stringify(stack)}: {\n${lines.join(',\n')}\n  }`;
  });
  writeFileSync(file, `{\n${stacks.join(',\n')}\n}\n`);
}

type Json = Readonly<Record<string, unknown>>;

const keysOf = (...objects: Array<object | undefined>): string[] => [...new Set(objects.flatMap((object) => Object.keys(object ?? {})))];

function mapValues<From, To>(object: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, to(value)]));
}
