import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IPolicyValidationContext, Stack } from 'aws-cdk-lib/core';
import { at, flat } from './json';

/** A resource as it stands in a template. */
export interface RenderedResource {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Condition?: unknown;
}

/** One template, and what its resources have to do with each other. */
export class RenderedTemplate {
  private readonly resources: Readonly<Record<string, RenderedResource | undefined>>;
  private readonly policies = new Map<string, RenderedResource[]>();
  private readonly logTargets = new Set<string>();

  public constructor(public readonly path: string) {
    const { Resources = {} } = JSON.parse(readFileSync(path, 'utf8')) as { Resources?: Record<string, RenderedResource> };
    this.resources = Resources;
    for (const resource of Object.values(Resources)) {
      if (resource.Type === 'AWS::S3::BucketPolicy') {
        const bucket = flat(at(resource.Properties, 'Bucket'));
        this.policies.set(bucket, [...(this.policies.get(bucket) ?? []), resource]);
      } else if (resource.Type === 'AWS::S3::Bucket') {
        this.logTargets.add(flat(at(resource.Properties, 'LoggingConfiguration', 'DestinationBucketName')));
      }
    }
  }

  public resource(logicalId: string): RenderedResource | undefined {
    return this.resources[logicalId];
  }

  /** The policies of a bucket, however they name it. */
  public policiesOf(bucketNames: readonly string[]): RenderedResource[] {
    return bucketNames.flatMap((name) => this.policies.get(name) ?? []);
  }

  /** Whether another bucket of the template writes its access log there. */
  public receivesLogs(bucketNames: readonly string[]): boolean {
    return bucketNames.some((name) => this.logTargets.has(name));
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
    if (path === undefined) return undefined;
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
