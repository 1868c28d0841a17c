import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { LakeParameters } from './lake-parameters';
import type { Zone } from './zone';

/** Where a lake of another stack or team is found. */
export interface DataLakeReferenceProps {
  /** The `parameterPrefix` of the lake: `/dataworks/dev/lake`. */
  readonly prefix: string;
}

/**
 * A lake that another stack of the same account and region made, found by its SSM parameters.
 *
 * The parameters are read at deployment, those of the zones that are asked for: one that does not exist fails the
 * deployment and names itself. Nothing ties the two stacks together, so either can be changed or deleted alone.
 *
 * @exampleMetadata fixture=with-role
 * @example
 * import { DataLakeZones, Zone } from '@dataworks/constructs';
 *
 * const lake = DataLakeZones.fromParameters(this, 'Lake', { prefix: '/sales/dev/lake' });
 * lake.zone(Zone.CURATED).grantRead(analysts);
 */
export class DataLakeReference extends Construct {
  private readonly parameters: LakeParameters;
  private readonly buckets = new Map<string, IBucket>();
  private lakeKey?: IKey;

  public constructor(scope: Construct, id: string, props: DataLakeReferenceProps) {
    super(scope, id);
    this.parameters = new LakeParameters(props.prefix);
  }

  /** The bucket of a zone, with its key: grants include the use of the key. */
  public zone(zone: Zone): IBucket {
    const { zoneId } = zone;
    const bucket =
      this.buckets.get(zoneId) ??
      Bucket.fromBucketAttributes(this, zoneId, {
        bucketName: this.read(this.parameters.bucketName(zoneId)),
        encryptionKey: Key.fromKeyArn(this, `${zoneId}-key`, this.read(this.parameters.zoneKeyArn(zoneId))),
      });
    this.buckets.set(zoneId, bucket);
    return bucket;
  }

  /** The lake's own key. A zone may have another. */
  public get key(): IKey {
    this.lakeKey ??= Key.fromKeyArn(this, 'lake-key', this.read(this.parameters.keyArn()));
    return this.lakeKey;
  }

  private read(parameterName: string): string {
    return StringParameter.valueForStringParameter(this, parameterName);
  }
}
