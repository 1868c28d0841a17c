import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject } from './json';

/** A stack as the cloud assembly has it, before anything is deployed. */
export interface SynthesizedStack {
  /** The stack's name in CloudFormation. */
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly terminationProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly template: Template;
}

export interface Template extends JsonObject {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource extends JsonObject {
  readonly Type: string;
}

interface StackArtifact {
  readonly type: string;
  readonly environment: string;
  readonly properties: {
    readonly templateFile: string;
    /** When it is not the artifact's own id. */
    readonly stackName?: string;
    readonly terminationProtection?: boolean;
    readonly tags?: Record<string, string>;
  };
}

/** The stacks of one CDK stage of a cloud assembly; without a stage, those of the app itself. */
export function stacksOf(assembly: string, stage?: string): SynthesizedStack[] {
  const folder = stage === undefined ? assembly : join(assembly, `assembly-${stage}`);
  const { artifacts } = readJson(join(folder, 'manifest.json')) as { artifacts: Record<string, StackArtifact> };
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { environment, properties }]) => {
      const [account, region] = environment.replace('aws://', '').split('/') as [string, string];
      return {
        name: properties.stackName ?? id,
        account,
        region,
        terminationProtection: properties.terminationProtection ?? false,
        tags: properties.tags ?? {},
        template: readJson(join(folder, properties.templateFile)) as Template,
      };
    });
}

/** A section of a template that it need not have. */
export function sectionOf(template: Template, name: 'Parameters' | 'Outputs'): Readonly<Record<string, JsonObject>> {
  return (template[name] ?? {}) as Readonly<Record<string, JsonObject>>;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What intrinsic functions of a deployed stack stand for. */
export interface Deployment {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Physical ids, by logical id. */
  readonly physicalIds: Readonly<Record<string, string | undefined>>;
  readonly parameters: Readonly<Record<string, ParameterValue | undefined>>;
  /** What the stacks of the account and region export, by name. */
  readonly exports: Readonly<Record<string, string | undefined>>;
  readonly resources: Readonly<Record<string, TemplateResource | undefined>>;
}

export interface ParameterValue {
  readonly value: string;
  /** What SSM has under that name, when the parameter is one of `AWS::SSM::Parameter::Value`. */
  readonly stored?: string;
  /** What the value must look like, when CloudFormation shows it to nobody (`NoEcho`). */
  readonly secret?: RegExp;
}

/** What stands for the value of a parameter that nobody can read. */
export const secretOf = (parameter: string): string => `(secret ${parameter})`;

/** How the attributes of `Fn::GetAtt` are made from the physical id, by type and name. */
const ATTRIBUTES: Readonly<Record<string, ((id: string, deployment: Deployment) => string) | undefined>> = {
  'AWS::DynamoDB::Table Arn': (id, { partition, region, account }) => `arn:${partition}:dynamodb:${region}:${account}:table/${id}`,
  'AWS::IAM::OIDCProvider Arn': (id) => id,
  'AWS::IAM::Role Arn': (id, { partition, account }) => `arn:${partition}:iam::${account}:role/${id}`,
  'AWS::KMS::Key Arn': (id, { partition, region, account }) => `arn:${partition}:kms:${region}:${account}:key/${id}`,
  'AWS::S3::Bucket Arn': (id, { partition }) => `arn:${partition}:s3:::${id}`,
  'AWS::S3::Bucket RegionalDomainName': (id, { partition, region }) => `${id}.s3.${region}.${URL_SUFFIXES[partition]}`,
};

/** Domains of the services, by partition. */
const URL_SUFFIXES: Readonly<Record<string, string | undefined>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

const FUNCTIONS: Readonly<Record<string, ((argument: Json, deployment: Deployment) => Json) | undefined>> = {
  Ref: (name, deployment) => reference(name as string, deployment),
  'Fn::GetAtt': (names, deployment) => attribute(names as [string, string], deployment),
  'Fn::ImportValue': (name, deployment) => imported(resolve(name, deployment) as string, deployment),
  'Fn::Join': (argument, deployment) => {
    const [separator, parts] = resolve(argument, deployment) as [string, string[]];
    return parts.join(separator);
  },
  'Fn::Sub': substituted,
};

/** Replace the intrinsic functions in `value` by what they stand for. Throws for one that it does not know. */
export function resolve(value: Json, deployment: Deployment): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, deployment));
  if (!isObject(value)) return value;
  if (!isIntrinsic(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member, deployment)]));
  const [name, argument] = Object.entries(value)[0];
  const call = FUNCTIONS[name];
  if (!call) throw new Error(`Intrinsic function ${name} is not known to the read-back: add it to template.ts`);
  return call(argument, deployment);
}

/** Whether an object of a template is the call of a function. */
export function isIntrinsic(value: JsonObject): boolean {
  const [name = '', ...more] = Object.keys(value);
  return more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}

function reference(name: string, { account, region, partition, physicalIds, parameters }: Deployment): string {
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': partition,
    'AWS::URLSuffix': URL_SUFFIXES[partition],
  };
  const parameter = parameters[name];
  const given = parameter?.secret ? secretOf(name) : (parameter?.stored ?? parameter?.value);
  const value = pseudo[name] ?? physicalIds[name] ?? given;
  if (value === undefined) throw new Error(`{"Ref": "${name}"} is no deployed resource, no parameter and no known pseudo parameter`);
  return value;
}

function attribute([logicalId, name]: [string, string], deployment: Deployment): string {
  const type = deployment.resources[logicalId]?.Type ?? 'no resource';
  const value = ATTRIBUTES[`${type} ${name}`];
  if (!value) throw new Error(`Fn::GetAtt ${logicalId}.${name} (${type}) is not known to the read-back: add it to template.ts`);
  return value(reference(logicalId, deployment), deployment);
}

function imported(name: string, { exports }: Deployment): string {
  const value = exports[name];
  if (value === undefined) throw new Error(`Fn::ImportValue ${name}: no stack exports it`);
  return value;
}

function substituted(text: Json, deployment: Deployment): string {
  if (typeof text !== 'string') throw new Error('Fn::Sub with variables of its own is not known to the read-back: add it to template.ts');
  return text.replace(/\$\{([^}]+)\}/g, (_all, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const [logicalId, ...rest] = name.split('.');
    return rest.length > 0 ? attribute([logicalId, rest.join('.')], deployment) : reference(name, deployment);
  });
}
