import { given, type JsonObject } from '../json';

/** Tags that a template can claim; CloudFormation adds some of its own, all beginning with `aws:`. */
export function ownTags(tags: ReadonlyArray<{ Key?: string; Value?: string }> | undefined): JsonObject[] | undefined {
  const own = (tags ?? []).filter(({ Key }) => !Key?.startsWith('aws:'));
  return own.length > 0 ? own.map(({ Key, Value }) => given({ Key, Value })) : undefined;
}
