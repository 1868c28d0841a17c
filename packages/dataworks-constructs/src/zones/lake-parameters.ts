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
  // SSM allows 15 levels, of which zone and parameter take two, and 1,011 characters with the rest of the ARN.
  if (/^(\/[a-zA-Z0-9_.-]+){1,13}$/.test(prefix) && prefix.length <= 800 && !/^\/(aws|ssm)/i.test(prefix)) return [];
  return [{ ...REFUSALS.parameterPrefix, received: JSON.stringify(prefix) }];
}
