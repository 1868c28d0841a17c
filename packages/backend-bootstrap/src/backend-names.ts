import { Stack } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';

/** What the names of a backend are made of. */
export interface BackendNaming {
  /** First part of every name. */
  readonly project: string;

  /** Second part of every name. */
  readonly environment: string;

  /**
   * Base name of state bucket and lock table. The bucket's name is global: whoever has it first, in any account, owns it.
   *
   * @default 'dataworks-terraform-state'
   */
  readonly stateName?: string;

  /**
   * Appended to the name of state bucket and lock table, for when a stranger has taken it.
   *
   * @default - nothing
   */
  readonly stateNameSuffix?: string;

  /**
   * Prefix of everything of ours in the state bucket.
   *
   * @default 'dataworks-infra'
   */
  readonly stateKey?: string;

  /**
   * Qualifier of the account's CDK bootstrap.
   *
   * @default 'dataworks'
   */
  readonly qualifier?: string;
}

/** Properties of `BackendNames`. */
export interface BackendNamesProps extends BackendNaming {
  /** AWS account, 12 digits. */
  readonly account: string;

  /** AWS region. */
  readonly region: string;

  /**
   * AWS partition.
   *
   * @default - that of the region
   */
  readonly partition?: string;
}

/** An environment, as seen from another one of the same project. */
export interface EnvironmentPlace {
  /** Its name. */
  readonly environment: string;

  /** Its AWS account, 12 digits. */
  readonly account: string;

  /**
   * ARN of the KMS key that encrypts its state bucket.
   *
   * @default - none: its state is encrypted by S3's own keys
   */
  readonly encryptionKeyArn?: string;
}

/** Every name of an environment's backend: the contract between who creates a thing and who uses it. */
export class BackendNames {
  /** The names in the account, region and partition of a construct's stack. */
  public static forStackOf(scope: Construct, naming: BackendNaming): BackendNames {
    const { account, region, partition } = Stack.of(scope);
    const { project, environment, stateName, stateNameSuffix, stateKey, qualifier } = naming;
    return new BackendNames({ project, environment, stateName, stateNameSuffix, stateKey, qualifier, account, region, partition });
  }

  /** First part of every name. */
  public readonly project: string;

  /** Second part of every name. */
  public readonly environment: string;

  /** Account of the backend. */
  public readonly account: string;

  /** Region of the backend. */
  public readonly region: string;

  /** Partition of the backend. */
  public readonly partition: string;

  /** Qualifier of the account's CDK bootstrap. */
  public readonly qualifier: string;

  /** Prefix of everything of ours in the state bucket, without a `/` at its end. */
  public readonly stateKey: string;

  /** State bucket. */
  public readonly stateBucket: string;

  /** Lock table: the name of the bucket, as Terraform users know it. */
  public readonly stateTable: string;

  /** Role that plans, from any branch. */
  public readonly planRole: string;

  /** Role that CircleCI assumes on `main`, to become the deployer and nothing else. */
  public readonly applyRole: string;

  /** Role that locks, deploys and records. */
  public readonly deployerRole: string;

  /** Managed policy that limits every role which a deployment creates. */
  public readonly boundary: string;

  /** Managed policy by which CloudFormation deploys. */
  public readonly executionPolicy: string;

  /** Role of the CDK bootstrap that creates and executes change sets. */
  public readonly cdkDeployRole: string;

  /** Role of the CDK bootstrap that uploads files. */
  public readonly cdkFilePublishingRole: string;

  /** Role of the CDK bootstrap that uploads images. */
  public readonly cdkImagePublishingRole: string;

  /** Role of the CDK bootstrap that looks things up. */
  public readonly cdkLookupRole: string;

  /** Role of the CDK bootstrap that CloudFormation acts by. */
  public readonly cdkExecutionRole: string;

  /** Bucket of the CDK bootstrap for files. */
  public readonly cdkStagingBucket: string;

  /** Repository of the CDK bootstrap for images. */
  public readonly cdkRepository: string;

  /** Parameter with the version of the CDK bootstrap. */
  public readonly cdkVersionParameter: string;

  /** Stack of the backend. */
  public readonly backendStack: string;

  /** Stack of the CDK bootstrap. */
  public readonly toolkitStack: string;

  private readonly props: BackendNamesProps;

  public constructor(props: BackendNamesProps) {
    const { project, environment, account, region, stateName = 'dataworks-terraform-state', stateNameSuffix } = props;
    const prefix = `${project}-${environment}`;
    const qualifier = props.qualifier ?? 'dataworks';
    const cdk = (what: string): string => `cdk-${qualifier}-${what}-${account}-${region}`;

    this.props = props;
    this.project = project;
    this.environment = environment;
    this.account = account;
    this.region = region;
    this.partition = props.partition ?? RegionInfo.get(region).partition ?? 'aws';
    this.qualifier = qualifier;
    this.stateKey = props.stateKey ?? 'dataworks-infra';
    this.stateBucket = [stateName, environment, ...(stateNameSuffix === undefined ? [] : [stateNameSuffix])].join('-');
    this.stateTable = this.stateBucket;
    this.planRole = `${prefix}-plan`;
    this.applyRole = `${prefix}-apply`;
    this.deployerRole = `${prefix}-deployer`;
    this.boundary = `${prefix}-boundary`;
    this.executionPolicy = `${prefix}-execution`;
    this.cdkDeployRole = cdk('deploy-role');
    this.cdkFilePublishingRole = cdk('file-publishing-role');
    this.cdkImagePublishingRole = cdk('image-publishing-role');
    this.cdkLookupRole = cdk('lookup-role');
    this.cdkExecutionRole = cdk('cfn-exec-role');
    this.cdkStagingBucket = cdk('assets');
    this.cdkRepository = cdk('container-assets');
    this.cdkVersionParameter = `/cdk-bootstrap/${qualifier}/version`;
    this.backendStack = `${prefix}-backend`;
    this.toolkitStack = `CDKToolkit-${qualifier}`;
  }

  /** Current deployment record. */
  public get recordKey(): string {
    return `${this.stateKey}/record.json`;
  }

  /** Records of the past, one an apply, without their file names. */
  public get historyPrefix(): string {
    return `${this.stateKey}/history/`;
  }

  /** Plans, without their digests. */
  public get plansPrefix(): string {
    return `${this.stateKey}/plans/`;
  }

  /** Approvals of plans, without their digests. */
  public get approvalsPrefix(): string {
    return `${this.stateKey}/approvals/`;
  }

  /** Lock as an object, of Terraform's `use_lockfile`. */
  public get lockFileKey(): string {
    return `${this.stateKey}.tflock`;
  }

  /** Lock as an item of the table, of Terraform's `dynamodb_table`. */
  public get lockId(): string {
    return `${this.stateBucket}/${this.stateKey}`;
  }

  /** Item of the table with the fencing counter. */
  public get fenceId(): string {
    return `${this.lockId}-fence`;
  }

  /** SSM parameter that tells where a part of the backend is. */
  public parameter(parameter: BackendParameter): string {
    return `/${this.project}/${this.environment}/backend/${parameter}`;
  }

  /** ARN of a role of the account. */
  public roleArn(role: string): string {
    return this.iamArn(`role/${role}`);
  }

  /** ARN of a managed policy of the account. */
  public policyArn(policy: string): string {
    return this.iamArn(`policy/${policy}`);
  }

  /** ARN of the identity provider of a CircleCI organisation. */
  public circleCiProviderArn(organizationId: string): string {
    return this.iamArn(`oidc-provider/oidc.circleci.com/org/${organizationId}`);
  }

  /** ARN of an SSM parameter, by its name. */
  public parameterArn(name: string): string {
    return `arn:${this.partition}:ssm:${this.region}:${this.account}:parameter${name}`;
  }

  /** ARN of the lock table. */
  public get stateTableArn(): string {
    return `arn:${this.partition}:dynamodb:${this.region}:${this.account}:table/${this.stateTable}`;
  }

  /** ARN of the state bucket. */
  public get stateBucketArn(): string {
    return `arn:${this.partition}:s3:::${this.stateBucket}`;
  }

  /** ARN of an object of the state bucket. */
  public stateObjectArn(key: string): string {
    return `${this.stateBucketArn}/${key}`;
  }

  /** The names of another environment of this project. Its region is taken to be this one: names of the CDK bootstrap hold only if it is. */
  public elsewhere({ environment, account }: EnvironmentPlace): BackendNames {
    return new BackendNames({ ...this.props, environment, account });
  }

  private iamArn(resource: string): string {
    return `arn:${this.partition}:iam::${this.account}:${resource}`;
  }
}

/** What the SSM parameters of a backend tell. */
export enum BackendParameter {
  /** Name of the state bucket. */
  STATE_BUCKET = 'state-bucket',

  /** Name of the lock table. */
  STATE_TABLE = 'state-table',

  /** Prefix of everything of ours in the state bucket. */
  STATE_KEY = 'state-key',

  /** ARN of the role that plans. */
  PLAN_ROLE_ARN = 'plan-role-arn',

  /** ARN of the role that CircleCI assumes on `main`. */
  APPLY_ROLE_ARN = 'apply-role-arn',

  /** ARN of the role that locks, deploys and records. */
  DEPLOYER_ROLE_ARN = 'deployer-role-arn',

  /** Name of the permissions boundary. */
  BOUNDARY_NAME = 'boundary-name',

  /** ARN of the policy by which CloudFormation deploys. */
  EXECUTION_POLICY_ARN = 'execution-policy-arn',

  /** Qualifier of the account's CDK bootstrap. */
  QUALIFIER = 'qualifier',

  /** Name of the stack of the account's CDK bootstrap. */
  TOOLKIT_STACK_NAME = 'toolkit-stack-name',
}
