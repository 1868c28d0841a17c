import { Stacks } from './cloudformation';
import { Tables } from './dynamodb';
import { Identities } from './iam';
import { Buckets } from './s3';
import { Parameters } from './ssm';

/** The services of one account and region. */
export interface Account {
  readonly stacks: Stacks;
  readonly buckets: Buckets;
  readonly tables: Tables;
  readonly identities: Identities;
  readonly parameters: Parameters;
}

export function accountIn({ account, region }: { readonly account: string; readonly region: string }): Account {
  return {
    stacks: new Stacks(region),
    buckets: new Buckets(region, account),
    tables: new Tables(region),
    identities: new Identities(region),
    parameters: new Parameters(region),
  };
}
