import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { filesBelow } from './bundle-files';
import { PLAN_FILE, SUMMARY_FILE } from './bundle-layout';
import { Fault } from '../../fault';
import { readAssembly, type AssemblyStack, type EnvironmentAssembly } from '../assembly/assembly';
import { ASSEMBLY } from '../assembly/assembly-path';
import { sha256 } from '../digest';
import type { Plan, ResourceChange } from '../plan';
import { serialise } from '../plan-format';
import { risksOf } from '../risks/risks';
import { summaryOf } from '../summary';
import { STATEFUL } from '../template/stateful';

/** What a plan says otherwise than the files of its bundle; nothing in a bundle that was written by `writeBundle`. */
export function contradictionsOf(plan: Plan, directory: string): string[] {
  const summary = join(directory, SUMMARY_FILE);
  const written = existsSync(summary) ? readFileSync(summary, 'utf8') : undefined;
  return [
    ...(written === serialise(summaryOf(plan)) ? [] : [`${SUMMARY_FILE} is not the summary of this plan`]),
    ...assemblyContradictions(plan, directory),
  ];
}

/** Everything of a stack that does not depend on what is deployed. */
const FROM_ASSEMBLY = Object.keys({
  name: true,
  artifactId: true,
  region: true,
  dependsOn: true,
  template: true,
  assetManifest: true,
  parameters: true,
  tags: true,
  terminationProtection: true,
  capabilities: true,
  roleArn: true,
  deployRoleArn: true,
  lookupRoleArn: true,
  assets: true,
} satisfies Record<keyof AssemblyStack, true>) as Array<keyof AssemblyStack>;

function assemblyContradictions({ environment, account, region, stacks, risks }: Plan, directory: string): string[] {
  let found: EnvironmentAssembly;
  try {
    found = readAssembly(join(directory, ASSEMBLY), { name: environment, account, region });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [`${error.what} ${error.received}`];
  }
  const differences = [...assemblyDifferences(stacks, found.stacks), ...derivedDifferences({ account, stacks, risks }, found.templates)];
  if (differences.length > 0) return differences;
  const expected = new Set([PLAN_FILE, SUMMARY_FILE, ...found.sources.map(({ path }) => path)]);
  return filesBelow(directory)
    .filter((path) => !expected.has(path))
    .map((path) => `${path} belongs to nothing`);
}

/** What follows from the rest of a plan, and is not what follows. The changes themselves are made again by an apply: `remade.ts`. */
function derivedDifferences(
  { account, stacks, risks }: Pick<Plan, 'account' | 'stacks' | 'risks'>,
  templates: EnvironmentAssembly['templates'],
): string[] {
  return [
    ...stacks.flatMap(({ name, changes }) =>
      changes.filter((change) => !isConsistent(change)).map(({ type, logicalId }) => `${type} ${logicalId} of ${name} contradicts itself`),
    ),
    ...(isDeepStrictEqual(risks, risksOf({ account, stacks }, templates)) ? [] : ['the risks are not those of the changes']),
  ];
}

function isConsistent({ action, type, replacement, deletes, stateful, properties }: ResourceChange): boolean {
  const wasOtherType = isDeepStrictEqual(properties, ['/Type']);
  if (stateful !== STATEFUL.has(type) && !(stateful && wasOtherType)) return false;
  if (wasOtherType && replacement !== 'always') return false;
  if (action !== 'modify' && replacement !== 'never') return false;
  return !deletes || action === 'remove' || replacement !== 'never';
}

/** How the stacks of a plan differ from those of an assembly, in nothing that depends on what is deployed. */
export function assemblyDifferences(stacks: readonly AssemblyStack[], assembly: readonly AssemblyStack[]): string[] {
  const names = (all: readonly AssemblyStack[]) => all.map(({ artifactId }) => artifactId).join(', ');
  if (names(stacks) !== names(assembly)) return [`the stacks of the assembly are ${names(assembly)}`];
  return stacks.flatMap((stack, index) =>
    FROM_ASSEMBLY.filter((key) => !isDeepStrictEqual(assembly[index][key], stack[key])).map(
      (key) => `${key} of ${stack.name} is not that of the assembly`,
    ),
  );
}

/** Which of the files that a plan gives hashes of have others. */
export function differencesFrom({ stacks }: Plan, directory: string): string[] {
  const expected = stacks.flatMap(({ template, assets }) => [
    { path: template.file, hash: template.hash },
    ...assets.filter(({ type }) => type === 'template' || type === 'file'),
  ]);
  const differing = expected.filter(({ path, hash }) => hashOf(join(directory, path)) !== hash).map(({ path }) => path);
  return [...new Set(differing)].map((path) => `${path} is missing or changed`);
}

function hashOf(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? sha256(readFileSync(file)) : undefined;
}
