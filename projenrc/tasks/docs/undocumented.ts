import type { Assembly, Member } from './assembly';

/** Everything public of which the API reference would say nothing, or half a sentence: jsii ends a summary at a semicolon. */
export function undocumented({ types }: Assembly): string[] {
  return Object.values(types).flatMap((type) => [
    ...problems(type.name, type),
    ...[...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])].flatMap((member) =>
      problems(`${type.name}.${member.name}`, member),
    ),
  ]);
}

function problems(name: string, { docs }: Pick<Member, 'docs'>): string[] {
  if (!docs?.summary) return [`${name} has no description`];
  return docs.summary.endsWith(';') ? [`${name} is described by half a sentence: "${docs.summary}"`] : [];
}
