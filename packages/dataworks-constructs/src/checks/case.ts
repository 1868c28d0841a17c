import { Stack, Token, type CfnResource } from 'aws-cdk-lib/core';
import type { Intent } from './intents';
import { at, flat } from './json';
import type { RenderedResource, RenderedTemplate, RenderedTemplates } from './rendered-templates';
import { statementsOf, type Statement } from './statements';

/** A rendered resource before the checks, with what they need to know of its surroundings. */
export class Case {
  public readonly logicalId: string;
  /** How other resources of the template may name it. */
  public readonly names: readonly string[];
  /** Undefined when only the deployment knows. */
  public readonly account?: string;
  /** The policies of a bucket that are there whatever the parameters of the deployment. */
  public readonly bucketPolicies: readonly RenderedResource[];
  /** The statements of a bucket's one policy; undefined when it has none, or several of which the last to be deployed counts. */
  public readonly bucketStatements?: readonly Statement[];
  /** How statements may name the bucket itself. */
  public readonly bucketArns: readonly string[];
  private readonly stack: Stack;

  public constructor(
    public readonly resource: CfnResource,
    public readonly rendered: RenderedResource,
    public readonly template: RenderedTemplate,
    public readonly intent: Intent,
    templates: RenderedTemplates,
  ) {
    this.stack = Stack.of(resource);
    this.logicalId = logicalIdOf(resource);
    const name = this.property('BucketName');
    this.names = [`<${this.logicalId}>`, ...(name === undefined ? [] : [flat(name)])];
    this.account = Token.isUnresolved(this.stack.account) ? undefined : this.stack.account;

    const namesElsewhere = [...template.exportsOf(this.names[0]), ...this.names.slice(1)];
    const policies = [...template.policiesOf(this.names), ...templates.policiesElsewhere(template, namesElsewhere)];
    this.bucketPolicies = policies.filter(({ Condition }) => Condition === undefined);
    if (this.bucketPolicies.length === 1) this.bucketStatements = statementsOf(at(this.bucketPolicies[0].Properties, 'PolicyDocument'));
    this.bucketArns = [
      `<${this.logicalId}.Arn>`,
      ...this.names.flatMap((bucket) => ['<AWS::Partition>', 'aws'].map((partition) => `arn:${partition}:s3:::${bucket}`)),
    ];
  }

  /** What the template says at a path of the resource's properties. */
  public property(...path: ReadonlyArray<string | number>): unknown {
    return at(this.rendered.Properties, ...path);
  }

  /** A value of CDK's as this template writes it. */
  public written(value: unknown): unknown {
    return this.stack.resolve(value);
  }
}

export const logicalIdOf = (resource: CfnResource): string => Stack.of(resource).resolve(resource.logicalId) as string;
