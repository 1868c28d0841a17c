import { BucketNamespace, type BucketProps } from 'aws-cdk-lib/aws-s3';
import { Token } from 'aws-cdk-lib/core';
import type { Problem } from './private/errors';
import { REFUSALS } from './private/refusals';

/** S3's limit. */
const LONGEST_NAME = 63;

/** `us-isof-south-1`. */
const LONGEST_REGION = 15;

/** What S3 appends to a name in the account-regional namespace. */
const LONGEST_SUFFIX = '-123456789012-'.length + LONGEST_REGION + '-an'.length;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3|-an)$/;

/**
 * How a bucket comes by its name.
 *
 * A fixed name makes it impossible to replace the bucket while the old one exists, and a global one can be taken by a
 * stranger after it was deleted.
 */
export class BucketName {
  /**
   * A name of your own in the global namespace.
   *
   * @param name 3 to 63 lower-case letters, digits and hyphens; no dots, which TLS certificates of S3 do not cover
   */
  public static explicit(name: string): BucketName {
    return new BucketName(name, undefined);
  }

  /**
   * `<prefix>-<account>-<region>-an`: a name that no other account can take.
   *
   * @param prefix at most 31 characters, so that the name fits in every region
   */
  public static accountRegional(prefix: string): BucketName {
    return new BucketName(undefined, prefix);
  }

  private constructor(
    private readonly name: string | undefined,
    private readonly prefix: string | undefined,
  ) {}

  /** @internal */
  public _props(): Pick<BucketProps, 'bucketName' | 'bucketNamePrefix' | 'bucketNamespace'> {
    if (this.name !== undefined) return { bucketName: this.name };
    return { bucketNamePrefix: this.prefix, bucketNamespace: BucketNamespace.ACCOUNT_REGIONAL };
  }

  /** @internal */
  public _problems(): Problem[] {
    const name = this.name ?? this.prefix!;
    if (Token.isUnresolved(name)) return [];
    const tooLong = this.prefix !== undefined && name.length + LONGEST_SUFFIX > LONGEST_NAME;
    const wellFormed = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && !RESERVED.test(name);
    const rightLength = this.prefix !== undefined || (name.length >= 3 && name.length <= LONGEST_NAME);
    return [
      ...(wellFormed && rightLength ? [] : [{ ...REFUSALS.bucketNameForm, received: JSON.stringify(name) }]),
      ...(tooLong ? [{ ...REFUSALS.bucketNameTooLong, received: JSON.stringify(name) }] : []),
    ];
  }
}
