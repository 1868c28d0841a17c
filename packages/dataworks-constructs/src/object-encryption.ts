import type { IKey } from 'aws-cdk-lib/aws-kms';
import { refuse, stated } from './private/errors';
import { REFUSALS } from './private/refusals';

/** How the objects of a bucket are encrypted at rest. */
export class ObjectEncryption {
  /**
   * By a customer managed KMS key, with a bucket key: a few KMS requests per bucket instead of one per object.
   *
   * @param key in the bucket's region
   * @param additionalKeys keys that a request may name instead, for data that must be readable by fewer; each by its ARN
   */
  public static withKey(key: IKey, additionalKeys: IKey[] = []): ObjectEncryption {
    const missing = [key, ...additionalKeys].some((each: IKey | undefined) => each === undefined); // JavaScript has no types
    refuse('ObjectEncryption.withKey', missing ? [{ ...REFUSALS.noKey, received: 'undefined' }] : []);
    return new ObjectEncryption(key, undefined, additionalKeys);
  }

  /**
   * By S3's own keys (SSE-S3, AES-256): whoever may read the object may read it decrypted.
   *
   * @param reason why no key of ours can be used; ends in the findings' acknowledgement
   */
  public static s3Managed(reason: string): ObjectEncryption {
    return new ObjectEncryption(undefined, stated(reason, 'ObjectEncryption.s3Managed'));
  }

  private constructor(
    /** The key, undefined with SSE-S3. */
    public readonly key?: IKey,
    /** Why SSE-S3. */
    public readonly reason?: string,
    /** Keys that a request may name instead. */
    public readonly additionalKeys: IKey[] = [],
  ) {}

  /**
   * All keys that may have encrypted an object.
   *
   * @internal
   */
  public _keys(): IKey[] {
    return this.key ? [this.key, ...this.additionalKeys] : [];
  }
}
