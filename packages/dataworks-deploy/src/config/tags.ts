import type { Configuration } from './configuration';
import { MISTAKES } from './mistakes';
import type { Path } from './path';
import type { Finding } from './problem';
import type { WellFormed } from './well-formed';

/** The tags that the lake sets itself, from the same file and from the table of zones. */
export const LAKE_TAGS: readonly string[] = ['environment', 'project', 'owner', 'zone', 'classification'];

/** AWS's limit of 50 tags on one resource, less those. */
const TAGS_MAX = 50 - LAKE_TAGS.length;

export function tagFindings({ project, environments = [] }: WellFormed<Configuration>): Finding[] {
  const shared = Object.keys(project?.tags ?? {});
  const tooManyShared = tooMany(shared, ['project', 'tags']);
  return [
    ...ownTags(shared, ['project', 'tags']),
    ...tooManyShared,
    ...environments.flatMap((environment, index) => {
      const at = ['environments', index, 'tags'];
      const keys = Object.keys(environment?.tags ?? {});
      return [...ownTags(keys, at), ...(tooManyShared.length > 0 ? [] : tooMany([...new Set([...shared, ...keys])], at))];
    }),
  ];
}

function ownTags(keys: readonly string[], at: Path): Finding[] {
  return keys
    .filter((key) => LAKE_TAGS.includes(key.toLowerCase()))
    .map((key) => ({
      ...MISTAKES.lakesOwnTag,
      at: [...at, key],
      received: JSON.stringify(key),
      allowed: `keys other than ${LAKE_TAGS.join(', ')}: rename it, or leave it out`,
    }));
}

function tooMany(keys: readonly string[], at: Path): Finding[] {
  if (keys.length <= TAGS_MAX) return [];
  return [
    {
      ...MISTAKES.tooManyTags,
      at,
      received: `${keys.length} tags`,
      allowed: `at most ${TAGS_MAX} of project and environment together: leave some out`,
    },
  ];
}
