import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { GrantableBucket } from '../grantable-bucket';
import { ObjectEncryption } from '../object-encryption';
import { refuse } from '../private/errors';
import { grantObjects, type ObjectAccess } from '../private/object-grants';
import { REFUSALS } from '../private/refusals';

/** Which zone of a lake that was made elsewhere. */
export interface ZoneReferenceProps {
  /** Name of the zone's bucket, which is in the region of this stack. */
  readonly bucketName: string;

  /** ARN of the key that encrypts the zone. */
  readonly keyArn: string;
}

/**
 * A zone of a lake that another stack, team or account made. `DataLakeZones.fromParameters` finds those of this account.
 *
 * Grants are as narrow as the lake's own: by prefix, and the key through S3 only. They are written into the policies of
 * the grantee alone, since those of bucket and key belong to the owner. So the owner has to grant what the grantee's
 * policies cannot give: use from another account, use by an AWS service, and use of a key with `keyPolicyOnly`.
 *
 * @exampleMetadata fixture=with-role
 * @example
 * import { ZoneReference } from '@dataworks/constructs';
 *
 * const curated = new ZoneReference(this, 'Curated', {
 *   bucketName: 'sales-dev-curated-111111111111-eu-central-1-an',
 *   keyArn: 'arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab',
 * });
 * curated.grantRead(analysts, 'reports/*');
 */
export class ZoneReference extends GrantableBucket {
  /** The bucket. Its own grants are CDK's: they do not limit the use of the key to S3. */
  public readonly bucket: IBucket;

  /** The key that encrypts the zone. */
  public readonly key: IKey;

  public constructor(scope: Construct, id: string, props: ZoneReferenceProps) {
    super(scope, id);
    this.key = Key.fromKeyArn(this, 'Key', props.keyArn);
    this.bucket = Bucket.fromBucketAttributes(this, 'Bucket', { bucketName: props.bucketName, encryptionKey: this.key });
  }

  /** @internal */
  protected _grant(grantee: IGrantable, access: ObjectAccess, keyPattern?: string): Grant {
    const grant = grantObjects(this.bucket, ObjectEncryption.withKey(this.key), grantee, access, keyPattern);
    // Not by `success`: CDK counts the statements that it could not add to an imported resource.
    refuse(this, grant.principalStatements.length > 0 ? [] : [{ ...REFUSALS.nothingGranted, received: this.shown(grantee) }]);
    return grant;
  }

  private shown({ grantPrincipal }: IGrantable): string {
    return JSON.stringify(Stack.of(this).resolve(grantPrincipal.policyFragment.principalJson));
  }
}
