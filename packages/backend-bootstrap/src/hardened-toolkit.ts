import { BucketName, HardenedBucket, ObjectEncryption, Versioning } from '@dataworks/constructs';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnParameter as CfnSsmParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnOutput, CfnParameter, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BackendNames } from './backend-names';
import { acknowledge, acknowledgeWildcards, DECISIONS } from './private/deployment-decisions';
import { toolkitRoles, trust, type ToolkitRole } from './private/toolkit-documents';

/** Which version of the CDK's bootstrap contract is fulfilled. */
const CONTRACT_VERSION = '33';

/** The CDK's command line does not overwrite a bootstrap of another variant. */
const VARIANT = 'DataWorks: hardened';

/** A year: how long the stock template keeps an untagged image, which nothing refers to. */
const UNTAGGED_DAYS = 365;

/** Properties of a `HardenedToolkit`. */
export interface HardenedToolkitProps {
  /** What everything is called. */
  readonly names: BackendNames;
}

/**
 * The resources of the CDK's bootstrap contract, for one account and region, closed to all but the pipeline.
 *
 * What the CDK's command line finds is what it expects: names, version and outputs. The stock template differs: there
 * every principal of the account that may call `sts:AssumeRole` can deploy and look up, CloudFormation acts as an administrator,
 * and the lookup role reads all data of the account.
 *
 * Staging bucket and repository stay when the stack goes: deployed functions run from the images.
 */
export class HardenedToolkit extends Construct {
  /** Bucket for file assets: templates and code. */
  public readonly stagingBucket: Bucket;

  /** ARN of the role by which CloudFormation acts. */
  public readonly executionRoleArn: string;

  public constructor(scope: Construct, id: string, { names }: HardenedToolkitProps) {
    super(scope, id);
    this.stagingBucket = this.staging(names);
    this.repository(names);
    for (const role of toolkitRoles(names)) this.role(names, role);
    this.executionRoleArn = names.roleArn(names.cdkExecutionRole);
    new CfnRole(this, 'CloudFormationExecutionRole', {
      roleName: names.cdkExecutionRole,
      description: 'CloudFormation acts by it when it deploys',
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      managedPolicyArns: [names.policyArn(names.executionPolicy)],
      permissionsBoundary: names.policyArn(names.boundary),
    });
    this.contract(names);
  }

  private staging(names: BackendNames): Bucket {
    const { bucket } = new HardenedBucket(this, 'Staging', {
      bucketName: BucketName.explicit(names.cdkStagingBucket),
      encryption: ObjectEncryption.s3Managed(
        'Holds templates and code, which are no secret to whoever may read the repository; a key would have to admit every role that publishes or deploys',
      ),
      versioning: Versioning.expiringAfter(Duration.days(30)),
    });
    acknowledge(bucket.node.defaultChild!, DECISIONS.stagingNotLogged);
    return bucket;
  }

  private repository({ partition, region, account, cdkRepository }: BackendNames): void {
    const repository = new CfnRepository(this, 'ContainerAssetsRepository', {
      repositoryName: cdkRepository,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'AES256' },
      lifecyclePolicy: {
        lifecyclePolicyText: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: 'Nothing refers to an image without a tag',
              selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: UNTAGGED_DAYS },
              action: { type: 'expire' },
            },
          ],
        }),
      },
      repositoryPolicyText: {
        Version: '2012-10-17',
        Statement: [
          {
            // Lambda fetches the image of a function in its own name.
            Sid: 'LambdaECRImageRetrievalPolicy',
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            Condition: { ArnLike: { 'aws:SourceArn': `arn:${partition}:lambda:${region}:${account}:function:*` } },
          },
        ],
      },
    });
    repository.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }

  private role(names: BackendNames, { id, tag, description, roleName, trusted, policy, wildcards }: ToolkitRole): void {
    const role = new CfnRole(this, id, {
      roleName,
      description,
      assumeRolePolicyDocument: trust(names, trusted),
      policies: [{ policyName: tag, policyDocument: policy }],
      tags: [{ key: 'aws-cdk:bootstrap-role', value: tag }],
    });
    acknowledge(role, DECISIONS.inlinePolicy);
    acknowledgeWildcards(role, policy, wildcards);
  }

  /** What the CDK's command line reads, by these very names. */
  private contract({ cdkVersionParameter, cdkRepository }: BackendNames): void {
    const variant = new CfnParameter(this, 'BootstrapVariant', {
      default: VARIANT,
      allowedValues: [VARIANT],
      description: 'Whose bootstrap this is: the cdk command does not overwrite that of another',
    });
    variant.overrideLogicalId('BootstrapVariant');
    new CfnSsmParameter(this, 'CdkBootstrapVersion', {
      name: cdkVersionParameter,
      type: 'String',
      value: CONTRACT_VERSION,
      description: `Version of the CDK's bootstrap contract; the bootstrap is that of ${variant.valueAsString}`,
    });
    const output = (name: string, description: string, value: string): void => {
      new CfnOutput(this, name, { description, value }).overrideLogicalId(name);
    };
    output('BucketName', 'Name of the staging bucket', this.stagingBucket.bucketName);
    output('BucketDomainName', 'Domain of the staging bucket', this.stagingBucket.bucketRegionalDomainName);
    output('ImageRepositoryName', 'Name of the repository for container images', cdkRepository);
    output('BootstrapVersion', "Version of the CDK's bootstrap contract", CONTRACT_VERSION);
  }
}
