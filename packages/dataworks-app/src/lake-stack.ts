import { DataLakeZones, type ZoneOverrides } from '@dataworks/constructs';
import { Stack, type RemovalPolicy, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface LakeStackProps extends StackProps {
  readonly project: string;
  readonly environment: string;
  readonly owner: string;
  readonly production: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly zones: Readonly<Record<string, ZoneOverrides>>;
}

/** `<project>-<environment>-lake`: the key, the thirteen zones and their log bucket. */
export class LakeStack extends Stack {
  public readonly lake: DataLakeZones;

  public constructor(
    scope: Construct,
    id: string,
    { project, environment, owner, production, removalPolicy, zones, ...props }: LakeStackProps,
  ) {
    super(scope, id, props);
    this.lake = new DataLakeZones(this, 'Lake', {
      project,
      environment,
      owner,
      production,
      removalPolicy,
      overrides: zones,
      parameterPrefix: `/${project}/${environment}/lake`,
    });
  }
}
