import { Token } from 'aws-cdk-lib/core';
import type { Problem } from '../private/errors';
import { REFUSALS } from '../private/refusals';

/** Names of the SSM parameters by which stacks and teams find a lake: the contract between who writes and who reads them. */
export class LakeParameters {
  public constructor(private readonly prefix: string) {}

  public bucketName(zoneId: string): string {
    return `${this.prefix}/${zoneId}/bucket-name`;
  }

  public bucketArn(zoneId: string): string {
    return `${this.prefix}/${zoneId}/bucket-arn`;
  }

  public zoneKeyArn(zoneId: string): string {
    return `${this.prefix}/${zoneId}/key-arn`;
  }

  /** Of the lake's own key. */
  public keyArn(): string {
    return `${this.prefix}/key-arn`;
  }

  public accessLogsBucketName(): string {
    return `${this.prefix}/access-logs/bucket-name`;
  }
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export function prefixProblems(prefix: string | undefined): Problem[] {
  if (prefix === undefined || Token.isUnresolved(prefix)) return [];
  if (/^(\/[a-zA-Z0-9_.-]+)+$/.test(prefix) && !/^\/(aws|ssm)/i.test(prefix)) return [];
  return [{ ...REFUSALS.parameterPrefix, received: JSON.stringify(prefix) }];
}
