import type { StackStatus } from '../aws/cloudformation';
import type { Table } from '../aws/dynamodb';
import type { RoleSettings } from '../aws/iam';
import type { BucketHolder, BucketSettings } from '../aws/s3';

/** What there is in an account of an environment's backend, by name: as the templates say, or as the services answer. */
export interface Landscape {
  readonly stacks: ByName<StackSettings>;
  readonly buckets: ByName<HeldBucket>;
  readonly tables: ByName<RecoverableTable>;
  readonly roles: ByName<RoleSettings>;
  /** Documents of managed policies, by ARN. */
  readonly policies: ByName<string>;
  /** Audiences of identity providers, by ARN. */
  readonly providers: ByName<readonly string[]>;
  /** Values. */
  readonly parameters: ByName<string>;
}

/** Undefined for what is not there. */
export type ByName<T> = Readonly<Record<string, T | undefined>>;

export interface StackSettings {
  readonly status: StackStatus;
  readonly terminationProtection: boolean;
  readonly drifted: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The template's parsed JSON; undefined when it is none. */
  readonly template: unknown;
}

export interface HeldBucket {
  readonly holder: BucketHolder;
  /** Of a bucket of ours. */
  readonly settings?: BucketSettings;
}

export interface RecoverableTable extends Table {
  readonly recoverable: boolean;
  /** Who else may use it: a policy document. */
  readonly policy?: string;
}
