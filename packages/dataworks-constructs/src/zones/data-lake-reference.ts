import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LakeParameters, prefixProblems } from './lake-parameters';
import type { Zone } from './zone';
import { ZoneReference } from './zone-reference';
import { refuse } from '../private/errors';
import { REFUSALS } from '../private/refusals';

/** Where a lake of another stack or team is found. */
export interface DataLakeReferenceProps {
  /** The `parameterPrefix` of the lake, known at synthesis: `/dataworks/dev/lake`. */
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
 * lake.zone(Zone.CURATED).grantRead(analysts, 'reports/*');
 */
export class DataLakeReference extends Construct {
  private readonly parameters: LakeParameters;
  private readonly zones = new Map<string, ZoneReference>();
  private lakeKey?: IKey;

  public constructor(scope: Construct, id: string, props: DataLakeReferenceProps) {
    super(scope, id);
    const { prefix } = props;
    // The name of a parameter to read stands in a `Default` of the template, where CloudFormation resolves nothing.
    refuse(this, Token.isUnresolved(prefix) ? [{ ...REFUSALS.parameterPrefix, received: 'a token' }] : prefixProblems(prefix));
    this.parameters = new LakeParameters(props.prefix);
  }

  /** A zone: its bucket, its key, and grants of both. */
  public zone(zone: Zone): ZoneReference {
    const { zoneId } = zone;
    const reference =
      this.zones.get(zoneId) ??
      new ZoneReference(this, zoneId, {
        bucketName: this.read(this.parameters.bucketName(zoneId)),
        keyArn: this.read(this.parameters.zoneKeyArn(zoneId)),
      });
    this.zones.set(zoneId, reference);
    return reference;
  }

  /** The lake's own key. A zone may have another. */
  public get key(): IKey {
    this.lakeKey ??= Key.fromKeyArn(this, 'Key', this.read(this.parameters.keyArn()));
    return this.lakeKey;
  }

  private read(parameterName: string): string {
    return StringParameter.valueForStringParameter(this, parameterName);
  }
}
