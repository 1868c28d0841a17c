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
    readonly stackName: string;
    readonly terminationProtection?: boolean;
    readonly tags?: Record<string, string>;
  };
}

/** The stacks of one CDK stage of a cloud assembly. */
export function stacksOf(assembly: string, stage: string): SynthesizedStack[] {
  const folder = join(assembly, `assembly-${stage}`);
  const { artifacts } = readJson(join(folder, 'manifest.json')) as { artifacts: Record<string, StackArtifact> };
  return Object.values(artifacts)
    .filter(({ type }) => type === 'aws:cloudformation:stack')
    .map(({ environment, properties }) => {
      const [account, region] = environment.replace('aws://', '').split('/') as [string, string];
      return {
        name: properties.stackName,
        account,
        region,
        terminationProtection: properties.terminationProtection ?? false,
        tags: properties.tags ?? {},
        template: readJson(join(folder, properties.templateFile)) as Template,
      };
    });
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
  readonly resources: Readonly<Record<string, TemplateResource | undefined>>;
}

/** How `Fn::GetAtt Arn` of a type is made from the physical id. */
const ARNS: Readonly<Record<string, ((id: string, deployment: Deployment) => string) | undefined>> = {
  'AWS::IAM::Role': (id, { partition, account }) => `arn:${partition}:iam::${account}:role/${id}`,
  'AWS::S3::Bucket': (id, { partition }) => `arn:${partition}:s3:::${id}`,
  'AWS::KMS::Key': (id, { partition, region, account }) => `arn:${partition}:kms:${region}:${account}:key/${id}`,
};

/** Replace the intrinsic functions in `value` by what they stand for. Throws for one that it does not know. */
export function resolve(value: Json, deployment: Deployment): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, deployment));
  if (!isObject(value)) return value;
  const [[name, argument] = ['', null], ...more] = Object.entries(value);
  if (more.length > 0 || !(name === 'Ref' || name.startsWith('Fn::'))) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member, deployment)]));
  }
  if (name === 'Ref') return reference(argument as string, deployment);
  if (name === 'Fn::GetAtt') return attribute(argument as [string, string], deployment);
  if (name === 'Fn::Join') {
    const [separator, parts] = resolve(argument, deployment) as [string, string[]];
    return parts.join(separator);
  }
  throw new Error(`Intrinsic function ${name} is not known to the read-back: add it to template.ts`);
}

function reference(name: string, { account, region, partition, physicalIds }: Deployment): string {
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': partition,
  };
  const value = pseudo[name] ?? physicalIds[name];
  if (value === undefined) throw new Error(`{"Ref": "${name}"} is neither a deployed resource nor a known pseudo parameter`);
  return value;
}

function attribute([logicalId, name]: [string, string], deployment: Deployment): string {
  const type = deployment.resources[logicalId]?.Type ?? 'no resource';
  const arn = name === 'Arn' ? ARNS[type] : undefined;
  if (!arn) throw new Error(`Fn::GetAtt ${logicalId}.${name} (${type}) is not known to the read-back: add it to template.ts`);
  return arn(reference(logicalId, deployment), deployment);
}
