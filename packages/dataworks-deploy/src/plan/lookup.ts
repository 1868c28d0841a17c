import type { Credentials } from '../aws/client-settings';
import type { Parameters } from '../aws/ssm';
import type { StackReader } from '../aws/stack-reader';

/** What a plan reads of what is deployed. */
export interface Lookup {
  readonly stacks: Pick<StackReader, 'nestedStacks' | 'state' | 'template'>;
  readonly parameters: Pick<Parameters, 'values'>;
}

/** The look-up in a region, by a role when it can be assumed, and otherwise by the caller's own credentials. */
export type LookupIn = (region: string, roleArn?: string) => Promise<Lookup>;

export interface LookupParts {
  readonly session: (roleArn: string, region: string) => Promise<Credentials | undefined>;
  readonly open: (region: string, credentials?: Credentials) => Lookup;
}

/** Each role is assumed once, each region opened once for it, and each stack read once. */
export function lookups({ session, open }: LookupParts): LookupIn {
  const opened = new Map<string, Promise<Lookup>>();
  return (region, roleArn) => {
    const key = `${region} ${roleArn}`;
    const known = opened.get(key);
    if (known) return known;
    const lookup = (async () => readingOnce(open(region, roleArn === undefined ? undefined : await session(roleArn, region))))();
    opened.set(key, lookup);
    return lookup;
  };
}

/** What was read of a stack is not read again: it may be asked for ahead of time, and more than once. */
export function readingOnce({ stacks, parameters }: Lookup): Lookup {
  return {
    stacks: {
      nestedStacks: once((stack) => stacks.nestedStacks(stack)),
      state: once((stack) => stacks.state(stack)),
      template: once((stack) => stacks.template(stack)),
    },
    parameters,
  };
}

function once<T>(read: (stack: string) => Promise<T>): (stack: string) => Promise<T> {
  const begun = new Map<string, Promise<T>>();
  return (stack) => {
    const reading = begun.get(stack) ?? read(stack);
    begun.set(stack, reading);
    return reading;
  };
}
