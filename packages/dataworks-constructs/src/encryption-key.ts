import { PolicyDocument, PolicyStatement, ServicePrincipal, type Grant, type IGrantable, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key, KeySpec, KeyUsage, type CfnKey, type IKey } from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { intend } from './checks/intents';
import { checkBelow } from './checks/registration';
import { refuse } from './private/errors';
import { accountDelegation, administration, deployment, grantThroughS3 } from './private/key-policy';
import { deployersOf, keyProblems } from './private/key-problems';
import { take } from './private/unique-names';

/** Properties of an `EncryptionKey`. */
export interface EncryptionKeyProps {
  /**
   * Name under which people find the key, without the prefix `alias/`: letters, digits, `/`, `_`
   * and `-`, at most 250 characters, not beginning with `aws/`.
   *
   * Unique in the account and region: a second key with the same alias fails to deploy.
   */
  readonly alias: string;

  /**
   * What the key protects, as the KMS console shows it.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * How often KMS makes new key material, 90 to 2,560 days. Older material is kept, so nothing
   * has to be encrypted again.
   *
   * Each of the first two rotations adds to the monthly price of the key; later ones are free.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
   * @default Duration.days(365)
   */
  readonly rotationPeriod?: Duration;

  /**
   * How long a deletion of the key can still be cancelled, 7 to 30 days. When it has passed, all
   * that was encrypted with the key is lost. This is irreversible.
   *
   * @default Duration.days(30)
   */
  readonly pendingWindow?: Duration;

  /**
   * Who manages the key: its policy, rotation, state and deletion. They are denied all use of it, and CreateGrant,
   * whatever their IAM policies say. What remains: `kms:PutKeyPolicy`, with which an administrator can lift that
   * denial; watch it in CloudTrail.
   *
   * Roles or users that exist, without conditions: KMS refuses a policy that names a principal it does not find. Never
   * the account itself, which would deny the key to everybody.
   *
   * @default - whoever has the right by IAM; nobody is denied the use
   */
  readonly administrators?: IPrincipal[];

  /**
   * Let only the key's own policy decide who may use it: IAM policies of the account are not asked, and every grant is
   * written into the key policy (at most 32 KB). Needs `administrators`. A role of another stack can be granted the
   * use by its ARN only (`ArnPrincipal`), since each stack would need the other first, and must exist before.
   *
   * A key whose administrators are all gone can be saved by AWS Support alone.
   *
   * @default false - the key policy delegates to the account's IAM policies, as for a key made in the console
   */
  readonly keyPolicyOnly?: boolean;

  /**
   * The role by which CloudFormation deploys the key. With `keyPolicyOnly` it needs a place in the key policy, or KMS
   * refuses to create the key.
   *
   * @default - the CloudFormation execution role of the stack's CDK bootstrap
   */
  readonly deploymentRole?: IPrincipal;

  /**
   * What becomes of the key when the stack no longer contains it. `DESTROY` schedules its
   * deletion: everything it encrypted becomes unreadable after `pendingWindow`.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, except when its first deployment fails
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Decrypting is part of writing: S3 decrypts the data key when it joins the parts of an upload. */
const ENCRYPT_DECRYPT = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * A symmetric customer managed KMS key that rotates, has an alias and outlives its stack.
 *
 * Costs about 1 USD a month, and KMS requests: bucket keys cut those by up to 99 %.
 *
 * @example
 * import { EncryptionKey } from '@dataworks/constructs';
 * import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
 *
 * new EncryptionKey(this, 'Key', {
 *   alias: 'sales/dev/lake',
 *   administrators: [new ArnPrincipal('arn:aws:iam::111111111111:role/key-administrator')],
 * });
 */
export class EncryptionKey extends Construct {
  /** The key, for whatever takes an `IKey`. Its own grants are CDK's: they do not limit the use to S3. */
  public readonly key: IKey;

  /** The alias, with its prefix `alias/`. */
  public readonly aliasName: string;

  public constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    refuse(this, keyProblems(this, props));
    const { administrators = [], keyPolicyOnly = false } = props;
    const rotationPeriod = props.rotationPeriod ?? Duration.days(365);
    const pendingWindow = props.pendingWindow ?? Duration.days(30);
    const deploymentRoles = deployersOf(this, props.deploymentRole);
    take(this, 'alias', props.alias);

    const key = new Key(this, 'Resource', {
      description: props.description,
      enabled: true,
      keySpec: KeySpec.SYMMETRIC_DEFAULT,
      keyUsage: KeyUsage.ENCRYPT_DECRYPT,
      enableKeyRotation: true,
      rotationPeriod,
      pendingWindow,
      multiRegion: false,
      policy: new PolicyDocument(),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.key = keyPolicyOnly ? grantingByPolicy(key) : key;
    for (const statement of [
      keyPolicyOnly ? deployment(deploymentRoles) : accountDelegation(),
      ...(administrators.length > 0 ? administration(administrators) : []),
    ]) {
      this.key.addToResourcePolicy(statement);
    }

    this.aliasName = `alias/${props.alias}`;
    new Alias(this, 'Alias', { aliasName: this.aliasName, targetKey: this.key });

    const retained = props.removalPolicy !== RemovalPolicy.DESTROY;
    intend(this, { key: { administrators, deploymentRoles, keyPolicyOnly, rotationPeriod, pendingWindow, retained } });
    checkBelow(this);
  }

  /** Let a principal read objects that are encrypted with this key: through S3 only, never by a call to KMS of its own. */
  public grantDecryptThroughS3(grantee: IGrantable): Grant {
    return grantThroughS3(this, this.key, grantee, ['kms:Decrypt']);
  }

  /** Let a principal read and write objects that are encrypted with this key: through S3 only. */
  public grantEncryptDecryptThroughS3(grantee: IGrantable): Grant {
    return grantThroughS3(this, this.key, grantee, ENCRYPT_DECRYPT);
  }

  /**
   * Let CloudTrail encrypt the files of one trail.
   *
   * @param trailArn of a trail in this account; a name that is known beforehand, since the trail needs the key first
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
   */
  public grantCloudTrail(trailArn: string): void {
    const cloudTrail = new ServicePrincipal('cloudtrail.amazonaws.com');
    this.allow(cloudTrail, ['kms:DescribeKey'], { StringEquals: { 'aws:SourceArn': trailArn } });
    const { partition, account } = Stack.of(this);
    this.allow(cloudTrail, ['kms:GenerateDataKey*'], {
      StringEquals: { 'aws:SourceArn': trailArn },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:${partition}:cloudtrail:*:${account}:trail/*` },
    });
  }

  /**
   * Let CloudWatch Logs encrypt and decrypt one log group.
   *
   * @param logGroupArn without a trailing `:*`, in this account and region
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public grantLogGroup(logGroupArn: string): void {
    const { region, urlSuffix } = Stack.of(this);
    this.allow(
      new ServicePrincipal(`logs.${region}.${urlSuffix}`),
      ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      { StringEquals: { 'kms:EncryptionContext:aws:logs:arn': logGroupArn } },
    );
  }

  private allow(service: ServicePrincipal, actions: string[], conditions: Record<string, unknown>): void {
    this.key.addToResourcePolicy(new PolicyStatement({ principals: [service], actions, resources: ['*'], conditions }));
  }
}

/** The same key, but every grant also goes into its policy: the only place where it counts when IAM is not asked. */
function grantingByPolicy(key: Key): IKey {
  const resource = key.node.defaultChild as CfnKey;
  resource.keyPolicy = { Version: '2012-10-17', Statement: [] };
  return Key.fromCfnKey(resource);
}
