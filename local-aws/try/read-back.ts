import {
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { compare, type Comparison } from './compare';
import { given, isObject, type Json, type JsonObject } from './json';
import type { Reader } from './readers/reader';
import { resolve, type Deployment, type SynthesizedStack, type TemplateResource } from './template';

/** One resource of a template, held against what its service answers. */
export interface ResourceReadBack {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** The zone that the resource belongs to, if to one. */
  readonly zone?: string;
  readonly comparisons: readonly Comparison[];
  /** Properties that no API answers, each with the reason; only the deployed template vouches for them. */
  readonly writeOnly: Readonly<Record<string, string>>;
}

export interface StackReadBack {
  readonly name: string;
  /** Status, termination protection and tags of the stack, and each value of its template. */
  readonly stack: readonly Comparison[];
  readonly resources: readonly ResourceReadBack[];
}

/** Whom the read-back asks. */
export interface Services {
  readonly cloudFormation: CloudFormationClient;
  readonly sts: STSClient;
  /** By resource type. */
  readonly readers: ReadonlyMap<string, Reader>;
}

/** A description of the stack itself, which no service answers. */
const WITHOUT_SERVICE: ReadonlySet<string> = new Set(['AWS::CDK::Metadata']);

/**
 * Read back everything that a synthesised stack claims, by the API of each service.
 *
 * The expected side is the template as it was synthesised; only the physical ids come from the account.
 */
export async function readBack(synthesized: SynthesizedStack, { cloudFormation, sts, readers }: Services): Promise<StackReadBack> {
  const { name, template } = synthesized;
  const [deployment, stack] = await Promise.all([deploymentOf(synthesized, cloudFormation, sts), stackItself(synthesized, cloudFormation)]);
  const resources = await Promise.all(
    Object.entries(template.Resources)
      .filter(([, { Type }]) => !WITHOUT_SERVICE.has(Type))
      .map(([logicalId, resource]) => readResource(logicalId, resource, deployment, readers)),
  );
  return { name, stack, resources };
}

async function deploymentOf(
  { name, account, region, template }: SynthesizedStack,
  client: CloudFormationClient,
  sts: STSClient,
): Promise<Deployment> {
  const caller = await sts.send(new GetCallerIdentityCommand());
  if (caller.Account !== account) {
    throw new Error(`Stack ${name} belongs to account ${account}; the credentials are those of account ${caller.Account}`);
  }
  const physicalIds: Record<string, string> = {};
  for await (const { StackResourceSummaries } of paginateListStackResources({ client }, { StackName: name })) {
    for (const { LogicalResourceId, PhysicalResourceId } of StackResourceSummaries ?? []) {
      physicalIds[LogicalResourceId!] = PhysicalResourceId!;
    }
  }
  return { account, region, partition: caller.Arn!.split(':')[1], physicalIds, resources: template.Resources };
}

/** What CloudFormation itself has of the stack. Its copy of the template vouches for deletion policies and write-only properties. */
async function stackItself(synthesized: SynthesizedStack, client: CloudFormationClient): Promise<Comparison[]> {
  const { name, template, terminationProtection, tags } = synthesized;
  const [{ Stacks = [] }, { TemplateBody }] = await Promise.all([
    client.send(new DescribeStacksCommand({ StackName: name })),
    client.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' })),
  ]);
  const stack = Stacks.at(0);
  return compare(
    given({ Complete: true, TerminationProtection: terminationProtection, Tags: { ...tags }, Template: template }),
    given({
      Complete: /^(CREATE|UPDATE)_COMPLETE$/.test(stack?.StackStatus ?? ''),
      TerminationProtection: stack?.EnableTerminationProtection ?? false,
      Tags: Object.fromEntries((stack?.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
      Template: JSON.parse(TemplateBody ?? 'null') as Json,
    }),
  );
}

async function readResource(
  logicalId: string,
  resource: TemplateResource,
  deployment: Deployment,
  readers: ReadonlyMap<string, Reader>,
): Promise<ResourceReadBack> {
  const reader = readers.get(resource.Type);
  if (!reader) throw new Error(`No reader for ${resource.Type} (${logicalId}): add one to readers/`);
  const properties = (resource.Properties ?? {}) as JsonObject;
  const writeOnly = Object.entries(reader.writeOnly ?? {}).filter(([name]) => name in properties);
  const physicalId = deployment.physicalIds[logicalId];
  return {
    logicalId,
    type: resource.Type,
    physicalId: physicalId ?? '(none)',
    zone: zoneOf(logicalId, deployment.resources),
    comparisons:
      physicalId === undefined
        ? [{ path: '(resource)', expected: 'deployed', actual: 'not in the stack' }]
        : await compareWithService(resolve(properties, deployment) as JsonObject, physicalId, reader),
    writeOnly: Object.fromEntries(writeOnly),
  };
}

async function compareWithService(properties: JsonObject, physicalId: string, reader: Reader): Promise<Comparison[]> {
  const unanswered = [...Object.keys(reader.writeOnly ?? {}), ...(reader.identifying ?? [])];
  const readable = Object.entries(properties).filter(([name]) => !unanswered.includes(name));
  try {
    return compare(Object.fromEntries(readable), await reader.read({ physicalId, properties }));
  } catch (error) {
    // A resource that is gone must not hide what the others answer.
    return [{ path: '(resource)', expected: 'readable', actual: String(error) }];
  }
}

/** A resource's own tag `zone`, or that of the bucket that it belongs to. */
function zoneOf(logicalId: string, resources: Deployment['resources']): string | undefined {
  const { Tags: tags, Bucket: bucket } = (resources[logicalId]?.Properties ?? {}) as JsonObject;
  if (isObject(bucket) && typeof bucket.Ref === 'string') return zoneOf(bucket.Ref, resources);
  if (isObject(tags)) return tags.zone as string | undefined;
  return (tags as ReadonlyArray<{ Key: string; Value: string }> | undefined)?.find(({ Key }) => Key === 'zone')?.Value;
}
