import { BackendNames } from '@dataworks/backend-bootstrap';
import type { Configuration, Environment } from '@dataworks/deploy';
import { PermissionsBoundary, RemovalPolicy, Stage, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { LakeStack } from './lake-stack';
import { zoneOverrides } from './zone-overrides';

/** Everything of one environment; its id is the environment's name: `cdk deploy 'dev/*'`. */
export class EnvironmentStage extends Stage {
  public constructor(scope: Construct, { project, qualifier }: Configuration, environment: Environment) {
    const { name, account, region } = environment;
    const { boundary } = new BackendNames({ project: project.name, environment: name, qualifier, account, region });
    // Without it, CloudFormation may not create a role.
    super(scope, name, { env: { account, region }, permissionsBoundary: PermissionsBoundary.fromName(boundary) });
    new LakeStack(this, 'lake', {
      stackName: `${project.name}-${name}-lake`,
      description: `The data lake of ${project.name}, ${name}`,
      terminationProtection: environment.production,
      project: project.name,
      environment: name,
      owner: project.owner,
      production: environment.production,
      removalPolicy: environment.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      zones: Object.fromEntries(Object.entries(environment.zones).map(([zoneId, changes]) => [zoneId, zoneOverrides(changes)])),
    });
    for (const [key, value] of Object.entries({ ...project.tags, ...environment.tags })) Tags.of(this).add(key, value);
  }
}
