import { Key, KeySpec, KeyUsage, type IKey } from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { refuse, type Problem } from './private/errors';

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
   * What becomes of the key when the stack no longer contains it. `DESTROY` schedules its
   * deletion: everything it encrypted becomes unreadable after `pendingWindow`.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, except when its first deployment fails
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A symmetric customer managed KMS key that rotates, has an alias and outlives its stack.
 *
 * Costs about 1 USD a month, and KMS requests: bucket keys cut those by up to 99 %.
 */
export class EncryptionKey extends Construct {
  /** The key, for grants and for whatever takes an `IKey`. */
  public readonly key: IKey;

  /** The alias, with its prefix `alias/`. */
  public readonly aliasName: string;

  public constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const rotationPeriod = props.rotationPeriod ?? Duration.days(365);
    const pendingWindow = props.pendingWindow ?? Duration.days(30);
    refuse(this, [
      ...aliasProblems(props.alias),
      ...rangeProblems('DW1002', 'rotationPeriod', rotationPeriod, 90, 2560),
      ...rangeProblems('DW1003', 'pendingWindow', pendingWindow, 7, 30),
    ]);

    const key = new Key(this, 'Resource', {
      description: props.description,
      enabled: true,
      keySpec: KeySpec.SYMMETRIC_DEFAULT,
      keyUsage: KeyUsage.ENCRYPT_DECRYPT,
      enableKeyRotation: true,
      rotationPeriod,
      pendingWindow,
      multiRegion: false,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.key = key;
    this.aliasName = `alias/${props.alias}`;
    key.addAlias(this.aliasName);
  }
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
function aliasProblems(alias: string): Problem[] {
  const valid = Token.isUnresolved(alias) || (/^[a-zA-Z0-9/_-]{1,250}$/.test(alias) && !/^(alias|aws)\//.test(alias));
  if (valid) return [];
  return [
    {
      code: 'DW1001',
      what: 'KMS would reject the alias.',
      received: JSON.stringify(alias),
      allowed: "1 to 250 letters, digits, '/', '_' and '-', not beginning with 'alias/' or 'aws/'",
      fix: "name it like 'dataworks/dev/lake'",
    },
  ];
}

function rangeProblems(code: string, prop: string, value: Duration, min: number, max: number): Problem[] {
  const days = value.toDays({ integral: false });
  if (Number.isInteger(days) && days >= min && days <= max) return [];
  return [
    {
      code,
      what: `KMS would reject ${prop}.`,
      received: value.toHumanString(),
      allowed: `whole days, ${min} to ${max}`,
      fix: `pass a Duration.days(…) within the range, or leave ${prop} out`,
    },
  ];
}
