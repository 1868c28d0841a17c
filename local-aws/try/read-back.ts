import { DescribeStacksCommand, GetTemplateCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { compare, type Comparison } from './compare';
import { deploymentOf, type AccountServices } from './deployment';
import { given, isObject, type Json, type JsonObject } from './json';
import type { Reader } from './readers/reader';
import { resolve, secretOf, sectionOf, type Deployment, type SynthesizedStack } from './template';

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
  /** Status, termination protection, tags, parameters and outputs of the stack, and each value of its template. */
  readonly stack: readonly Comparison[];
  readonly resources: readonly ResourceReadBack[];
}

/** Whom the read-back asks. */
export interface Services extends AccountServices {
  /** By resource type. */
  readonly readers: ReadonlyMap<string, Reader>;
}

/** A description of the stack itself, which no service answers. */
const WITHOUT_SERVICE: ReadonlySet<string> = new Set(['AWS::CDK::Metadata']);

/**
 * Read back everything that a synthesised stack claims, by the API of each service.
 *
 * The expected side is the template as it was synthesised; only physical ids, exports and stored parameters come from the account.
 */
export async function readBack(synthesized: SynthesizedStack, services: Services): Promise<StackReadBack> {
  const { name, template } = synthesized;
  const deployment = await deploymentOf(synthesized, services);
  const stack = await stackItself(synthesized, deployment, services.cloudFormation);
  const resources = await Promise.all(
    Object.entries(template.Resources)
      .filter(([, { Type }]) => !WITHOUT_SERVICE.has(Type))
      .map(([logicalId]) => readResource(logicalId, deployment, services.readers)),
  );
  return { name, stack, resources };
}

/** What CloudFormation itself has of the stack. Its copy of the template vouches for deletion policies and write-only properties. */
async function stackItself(synthesized: SynthesizedStack, deployment: Deployment, client: CloudFormationClient): Promise<Comparison[]> {
  const { name, template, terminationProtection, tags } = synthesized;
  const [{ Stacks = [] }, { TemplateBody }] = await Promise.all([
    client.send(new DescribeStacksCommand({ StackName: name })),
    client.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' })),
  ]);
  const stack = Stacks.at(0);
  return compare(
    given({
      Complete: true,
      TerminationProtection: terminationProtection,
      Tags: { ...tags },
      Parameters: mapped(sectionOf(template, 'Parameters'), (parameter) => {
        const { value, stored } = deployment.parameters[parameter]!;
        return { ParameterValue: value, ResolvedValue: stored };
      }),
      Outputs: mapped(sectionOf(template, 'Outputs'), (_output, { Value, Export }) => ({
        OutputValue: resolve(Value, deployment),
        ExportName: isObject(Export) ? resolve(Export.Name, deployment) : undefined,
      })),
      Template: template,
    }),
    given({
      Complete: /^(CREATE|UPDATE)_COMPLETE$/.test(stack?.StackStatus ?? ''),
      TerminationProtection: stack?.EnableTerminationProtection ?? false,
      Tags: Object.fromEntries((stack?.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
      Parameters: Object.fromEntries(
        (stack?.Parameters ?? []).map(({ ParameterKey, ParameterValue, ResolvedValue }) => [
          ParameterKey!,
          given({ ParameterValue, ResolvedValue }),
        ]),
      ),
      Outputs: Object.fromEntries(
        (stack?.Outputs ?? []).map(({ OutputKey, OutputValue, ExportName }) => [OutputKey!, given({ OutputValue, ExportName })]),
      ),
      Template: JSON.parse(TemplateBody ?? 'null') as Json,
    }),
  );
}

/** A section of a template, each member by what CloudFormation would answer for it. */
function mapped(
  section: Readonly<Record<string, JsonObject>>,
  answer: (name: string, member: JsonObject) => Readonly<Record<string, Json | undefined>>,
): JsonObject {
  return Object.fromEntries(Object.entries(section).map(([name, member]) => [name, given(answer(name, member))]));
}

/** Read back one resource of `deployment.resources`. */
export async function readResource(
  logicalId: string,
  deployment: Deployment,
  readers: ReadonlyMap<string, Reader>,
): Promise<ResourceReadBack> {
  const resource = deployment.resources[logicalId]!;
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
        : (await compareWithService(resolve(properties, deployment) as JsonObject, physicalId, reader)).map(unseen(deployment)),
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

/** Of a secret, only its form is compared, and the value is not kept. */
function unseen({ parameters }: Deployment): (comparison: Comparison) => Comparison {
  const forms = new Map(Object.entries(parameters).map(([name, parameter]) => [secretOf(name), parameter?.secret]));
  return (comparison) => {
    const { expected, actual } = comparison;
    const form = expected === undefined ? undefined : forms.get(expected);
    return form?.test(actual ?? '') ? { ...comparison, actual: expected } : comparison;
  };
}

/** A resource's own tag `zone`, or that of the bucket that it belongs to. */
function zoneOf(logicalId: string, resources: Deployment['resources']): string | undefined {
  const { Tags: tags, Bucket: bucket } = (resources[logicalId]?.Properties ?? {}) as JsonObject;
  if (isObject(bucket) && typeof bucket.Ref === 'string') return zoneOf(bucket.Ref, resources);
  if (isObject(tags)) return tags.zone as string | undefined;
  return (tags as ReadonlyArray<{ Key: string; Value: string }> | undefined)?.find(({ Key }) => Key === 'zone')?.Value;
}
