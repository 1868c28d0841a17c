import { Stack, Token, type CfnResource } from 'aws-cdk-lib/core';
import type { Intent } from './intents';
import { at, flat } from './json';
import type { RenderedResource, RenderedTemplate } from './rendered-templates';
import { statementsOf, type Statement } from './statements';

/** A rendered resource before the checks, with what they need to know of its surroundings. */
export class Case {
  public readonly logicalId: string;
  /** How other resources of the template may name it. */
  public readonly names: readonly string[];
  /** Undefined when only the deployment knows. */
  public readonly account?: string;
  private readonly stack: Stack;

  public constructor(
    public readonly resource: CfnResource,
    public readonly rendered: RenderedResource,
    public readonly template: RenderedTemplate,
    public readonly intent: Intent,
  ) {
    this.stack = Stack.of(resource);
    this.logicalId = logicalIdOf(resource);
    const name = this.property('BucketName');
    this.names = [`<${this.logicalId}>`, ...(name === undefined ? [] : [flat(name)])];
    this.account = Token.isUnresolved(this.stack.account) ? undefined : this.stack.account;
  }

  /** What the template says at a path of the resource's properties. */
  public property(...path: ReadonlyArray<string | number>): unknown {
    return at(this.rendered.Properties, ...path);
  }

  /** A value of CDK's as this template writes it. */
  public written(value: unknown): unknown {
    return this.stack.resolve(value);
  }

  /** The policies of a bucket that are there whatever the parameters of the deployment. */
  public get bucketPolicies(): RenderedResource[] {
    return this.template.policiesOf(this.names).filter(({ Condition }) => Condition === undefined);
  }

  /** The statements of a bucket's one policy; undefined when it has none, or several of which the last to be deployed counts. */
  public get bucketStatements(): Statement[] | undefined {
    const policies = this.bucketPolicies;
    return policies.length === 1 ? statementsOf(at(policies[0].Properties, 'PolicyDocument')) : undefined;
  }

  /** How statements may name the bucket itself. */
  public get bucketArns(): string[] {
    return [
      `<${this.logicalId}.Arn>`,
      ...this.names.flatMap((name) => ['<AWS::Partition>', 'aws'].map((partition) => `arn:${partition}:s3:::${name}`)),
    ];
  }
}

export const logicalIdOf = (resource: CfnResource): string => Stack.of(resource).resolve(resource.logicalId) as string;
