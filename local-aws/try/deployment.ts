import { paginateListExports, paginateListStackResources, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Json } from './json';
import { sectionOf, type Deployment, type SynthesizedStack, type Template } from './template';

/** Whom to ask for what a template leaves to the account. */
export interface AccountServices {
  readonly cloudFormation: CloudFormationClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

/** What the intrinsic functions of a deployed stack stand for. Throws when the credentials are those of another account. */
export async function deploymentOf(
  { name, account, region, template }: SynthesizedStack,
  { cloudFormation, ssm, sts }: AccountServices,
): Promise<Deployment> {
  const caller = await sts.send(new GetCallerIdentityCommand());
  if (caller.Account !== account) {
    throw new Error(`Stack ${name} belongs to account ${account}; the credentials are those of account ${caller.Account}`);
  }
  const [physicalIds, exports, parameters] = await Promise.all([
    physicalIdsOf(name, cloudFormation),
    exportsOf(cloudFormation),
    valuesOf(template, ssm),
  ]);
  return { account, region, partition: caller.Arn!.split(':')[1], physicalIds, exports, parameters, resources: template.Resources };
}

async function physicalIdsOf(StackName: string, client: CloudFormationClient): Promise<Deployment['physicalIds']> {
  const found: Record<string, string> = {};
  for await (const { StackResourceSummaries } of paginateListStackResources({ client }, { StackName })) {
    for (const { LogicalResourceId, PhysicalResourceId } of StackResourceSummaries ?? []) {
      found[LogicalResourceId!] = PhysicalResourceId!;
    }
  }
  return found;
}

/** Each export is held against the template of the stack that makes it, as one of its outputs. */
async function exportsOf(client: CloudFormationClient): Promise<Deployment['exports']> {
  const found: Record<string, string> = {};
  for await (const { Exports } of paginateListExports({ client }, {})) {
    for (const { Name, Value } of Exports ?? []) found[Name!] = Value!;
  }
  return found;
}

/** What CloudFormation answers for a value that it shows to nobody. */
const MASK = '****';

/** What a parameter without a default may be. */
function formOf(pattern: Json = '.*', minimum: Json = 0): RegExp {
  return new RegExp(`^(?=.{${Number(minimum)},})(?:${pattern as string})$`);
}

/** SSM's own answer, not what CloudFormation says that it was: the two are compared. */
async function valuesOf(template: Template, ssm: SSMClient): Promise<Deployment['parameters']> {
  const entries = await Promise.all(
    Object.entries(sectionOf(template, 'Parameters')).map(async ([name, { Type, Default, NoEcho, AllowedPattern, MinLength }]) => {
      if (NoEcho === true) return [name, { value: MASK, secret: formOf(AllowedPattern, MinLength) }] as const;
      if (typeof Default !== 'string') throw new Error(`Parameter ${name} has no default: the read-back does not know what was deployed`);
      if (!(Type as string).startsWith('AWS::SSM::Parameter::Value<')) return [name, { value: Default }] as const;
      const { Parameters: found = [] } = await ssm.send(new GetParametersCommand({ Names: [Default] }));
      return [name, { value: Default, stored: found.at(0)?.Value ?? '(no such parameter)' }] as const;
    }),
  );
  return Object.fromEntries(entries);
}
