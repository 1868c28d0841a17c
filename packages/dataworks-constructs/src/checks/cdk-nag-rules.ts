import { createRequire } from 'node:module';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Stack, Token, type CfnResource } from 'aws-cdk-lib/core';
import { RootConstruct } from 'constructs';
import type { Case } from './case';
import { entries } from './json';
import type { RenderedResource } from './rendered-templates';
import { refuse } from '../private/errors';
import { REFUSALS } from '../private/refusals';

type L1 = new (scope: Stack, id: string, props: never) => CfnResource;

const L1S: Readonly<Record<string, L1 | undefined>> = {
  'AWS::IAM::Policy': CfnPolicy,
  'AWS::IAM::Role': CfnRole,
  'AWS::KMS::Key': CfnKey,
  'AWS::S3::Bucket': CfnBucket,
  'AWS::S3::BucketPolicy': CfnBucketPolicy,
};

/** Properties that are policies: their keys are IAM's, not CloudFormation's. */
const DOCUMENTS = ['AssumeRolePolicyDocument', 'KeyPolicy', 'PolicyDocument'];

/** cdk-nag is loaded rule by rule, by whoever validates: all of it takes longer than the whole synthesis of a lake. */
const load = createRequire(__filename);

/** The copies that cdk-nag's rules have judged so far. */
const copies = new WeakMap<Case, CfnResource>();

/**
 * What a rule of cdk-nag finds.
 *
 * cdk-nag reads the typed properties of L1 constructs, and overrides are not among them. So it gets another construct,
 * whose properties are what was rendered.
 *
 * @param path of the rule below `cdk-nag/lib/rules`
 */
export function nagFault(path: string, subject: Case): string | undefined {
  const rule = ruleAt(path, subject);
  try {
    const copy = copies.get(subject) ?? copyOf(subject);
    copies.set(subject, copy);
    const result = rule(copy);
    if (Array.isArray(result)) return result.length === 0 ? undefined : result.join(', ');
    return result === 'Non-Compliant' ? 'not as cdk-nag asks for' : undefined;
  } catch (error) {
    // Rules throw at values that only the deployment knows.
    return `cdk-nag cannot tell: ${(error as Error).message}`;
  }
}

function ruleAt(path: string, { resource }: Case): (node: CfnResource) => string | string[] {
  try {
    return (load(`cdk-nag/lib/rules/${path}`) as { default: (node: CfnResource) => string | string[] }).default;
  } catch (error) {
    refuse(resource, [{ ...REFUSALS.cdkNagMissing, received: (error as Error).message.split('\n')[0] }]);
    throw error;
  }
}

/** In a stack of its own: rules look through the whole stack for what belongs to a resource. */
function copyOf(subject: Case): CfnResource {
  const stack = new Stack(new RootConstruct(), 'Rendered');
  subject.bucketPolicies.forEach((policy, index) => copyInto(stack, `Policy${index}`, policy));
  const copy = copyInto(stack, 'Resource', subject.rendered);
  copy.overrideLogicalId(subject.logicalId);
  return copy;
}

function copyInto(stack: Stack, id: string, { Type, Properties = {} }: RenderedResource): CfnResource {
  return new L1S[Type]!(stack, id, typed(Properties) as never);
}

/** Rendered properties under the names that an L1 construct gives them. */
export function typed(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(typed);
  const properties = entries(json);
  if (properties.length === 0) return json;
  if (properties.some(([name]) => name === 'Ref' || name.startsWith('Fn::'))) return Token.asString(json);
  return Object.fromEntries(properties.map(([name, value]) => [propName(name), DOCUMENTS.includes(name) ? value : typed(value)]));
}

/** `SSEAlgorithm` is `sseAlgorithm`, `KMSMasterKeyID` is `kmsMasterKeyId`. */
const propName = (name: string): string =>
  name
    .replace(/([A-Z])([A-Z]+)(?=[A-Z][a-z]|$)/g, (_run, first: string, rest: string) => first + rest.toLowerCase())
    .replace(/^[A-Z]/, (first) => first.toLowerCase());
