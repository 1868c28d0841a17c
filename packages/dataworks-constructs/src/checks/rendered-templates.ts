import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IPolicyValidationContext, Stack } from 'aws-cdk-lib/core';
import { at, flat, list } from './json';

/** A resource as it stands in a template. */
export interface RenderedResource {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Condition?: unknown;
}

function add<T>(index: Map<string, T[]>, name: unknown, value: T): void {
  const key = flat(name);
  index.set(key, [...(index.get(key) ?? []), value]);
}

/** One template, and what its resources have to do with each other. */
export class RenderedTemplate {
  private readonly resources: Readonly<Record<string, RenderedResource | undefined>>;
  private readonly policies = new Map<string, RenderedResource[]>();
  private readonly notifications = new Map<string, unknown[]>();
  private readonly rolePolicies = new Map<string, RenderedResource[]>();
  private readonly logTargets = new Set<string>();
  private readonly exports = new Map<string, string[]>();

  public constructor(public readonly path: string) {
    const { Resources = {}, Outputs = {} } = JSON.parse(readFileSync(path, 'utf8')) as {
      Resources?: Record<string, RenderedResource>;
      Outputs?: Record<string, unknown>;
    };
    this.resources = Resources;
    for (const resource of Object.values(Resources)) this.index(resource);
    for (const output of Object.values(Outputs)) {
      const name = flat(at(output, 'Export', 'Name'));
      if (name !== '') add(this.exports, at(output, 'Value'), name);
    }
  }

  public resource(logicalId: string): RenderedResource | undefined {
    return this.resources[logicalId];
  }

  /** Under which names other stacks import a value of this one. */
  public exportsOf(value: string): string[] {
    return this.exports.get(value) ?? [];
  }

  /** The policies of a bucket, however they name it. */
  public policiesOf(bucketNames: readonly string[]): RenderedResource[] {
    return bucketNames.flatMap((name) => this.policies.get(name) ?? []);
  }

  /** What CDK's own notifications set of a bucket in place of what it says itself. */
  public notificationsOf(bucketNames: readonly string[]): unknown[] {
    return bucketNames.flatMap((name) => this.notifications.get(name) ?? []);
  }

  /** The policies of a role that are resources of their own. */
  public policiesOfRole(logicalId: string): RenderedResource[] {
    return this.rolePolicies.get(`<${logicalId}>`) ?? [];
  }

  /** Whether another bucket of the template writes its access log there. */
  public receivesLogs(bucketNames: readonly string[]): boolean {
    return bucketNames.some((name) => this.logTargets.has(name));
  }

  private index(resource: RenderedResource): void {
    const { Type, Properties } = resource;
    switch (Type) {
      case 'AWS::S3::Bucket':
        this.logTargets.add(flat(at(Properties, 'LoggingConfiguration', 'DestinationBucketName')));
        break;
      case 'AWS::S3::BucketPolicy':
        add(this.policies, at(Properties, 'Bucket'), resource);
        break;
      case 'Custom::S3BucketNotifications':
        // One of an imported bucket adds to what is there.
        if (at(Properties, 'Managed') === false) break;
        add(this.notifications, at(Properties, 'BucketName'), at(Properties, 'NotificationConfiguration'));
        break;
      case 'AWS::IAM::Policy':
      case 'AWS::IAM::ManagedPolicy':
        for (const role of list(at(Properties, 'Roles'))) add(this.rolePolicies, role, resource);
        break;
    }
  }
}

/** The templates that CDK wrote, read once each. */
export class RenderedTemplates {
  private readonly paths: ReadonlyMap<string, string>;
  private readonly read = new Map<string, RenderedTemplate>();

  public constructor({ stackTemplates }: IPolicyValidationContext) {
    this.paths = new Map(stackTemplates.map(({ stackConstructPath, templatePath }) => [stackConstructPath, templatePath]));
  }

  /** The template of a stack; undefined when CDK asks about another environment's. */
  public of(stack: Stack): RenderedTemplate | undefined {
    const path = this.pathOf(stack);
    return path === undefined ? undefined : this.at(path);
  }

  /** The policies that the other stacks give to a bucket, by its name or by that under which they import it. */
  public policiesElsewhere(own: RenderedTemplate, bucketNames: readonly string[]): RenderedResource[] {
    if (bucketNames.length === 0) return [];
    return [...this.paths.values()].filter((path) => path !== own.path).flatMap((path) => this.at(path).policiesOf(bucketNames));
  }

  private at(path: string): RenderedTemplate {
    const template = this.read.get(path) ?? new RenderedTemplate(path);
    this.read.set(path, template);
    return template;
  }

  /** CDK does not list the templates of nested stacks; they lie beside that of the stack that holds them. */
  private pathOf({ node, nestedStackParent, templateFile }: Stack): string | undefined {
    if (!nestedStackParent) return this.paths.get(node.path);
    const parent = this.pathOf(nestedStackParent);
    return parent === undefined ? undefined : join(dirname(parent), templateFile);
  }
}
