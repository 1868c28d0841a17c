import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DELETE, READ, together, WRITE, type ObjectAccess } from './private/object-grants';

/** A bucket whose objects are granted by prefix, together with the use of the keys that encrypt them. */
export abstract class GrantableBucket extends Construct {
  /**
   * Let a principal read objects, list them, and decrypt them through S3. A service principal only as far as it acts
   * for this account (`aws:SourceAccount`), unless it brings a condition on its source. A principal of another account
   * also needs the right by IAM there.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Listing is limited to it too. Default: all
   */
  public grantRead(grantee: IGrantable, keyPattern?: string): Grant {
    return this._grant(grantee, READ, keyPattern);
  }

  /**
   * Let a principal write objects, and encrypt them through S3. Not delete them, and not read them.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Default: all
   */
  public grantWrite(grantee: IGrantable, keyPattern?: string): Grant {
    return this._grant(grantee, WRITE, keyPattern);
  }

  /**
   * Let a principal read, list and write objects. Not delete them.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Default: all
   */
  public grantReadWrite(grantee: IGrantable, keyPattern?: string): Grant {
    return this._grant(grantee, together(READ, WRITE), keyPattern);
  }

  /**
   * Let a principal delete objects. In a versioned bucket that leaves the versions, which can be restored until they expire.
   *
   * @param keyPattern which objects: `team-a/*` those below a prefix. Default: all
   */
  public grantDelete(grantee: IGrantable, keyPattern?: string): Grant {
    return this._grant(grantee, DELETE, keyPattern);
  }

  /** @internal */
  protected abstract _grant(grantee: IGrantable, access: ObjectAccess, keyPattern?: string): Grant;
}
