import { isEqual, type Comparison } from './compare';
import type { ResourceReadBack, StackReadBack } from './read-back';

/** Headings of the columns; a property that is not here stands under its own name. */
const COLUMNS: Readonly<Record<string, string>> = {
  BucketEncryption: 'encryption',
  PublicAccessBlockConfiguration: 'public access',
  OwnershipControls: 'ownership',
  PolicyDocument: 'policy',
  VersioningConfiguration: 'versions',
  LifecycleConfiguration: 'lifecycle',
  LoggingConfiguration: 'access log',
  NotificationConfiguration: 'events',
  Tags: 'tags',
};

export interface Totals {
  /** Values that were read by the API of the resource's own service. */
  readonly services: number;
  /** Values of the stacks and their templates, read from CloudFormation. */
  readonly stack: number;
  /** How many of all these are not what the template claims. */
  readonly different: number;
}

export function totals(stacks: readonly StackReadBack[]): Totals {
  const services = stacks.flatMap(({ resources }) => resources.flatMap(({ comparisons }) => comparisons));
  const stack = stacks.flatMap((readBack) => readBack.stack);
  const different = [...services, ...stack].filter((comparison) => !isEqual(comparison)).length;
  return { services: services.length, stack: stack.length, different };
}

/** Zone × property for the terminal: how many values were compared, and whether all are as the template claims. None without zones. */
export function zoneTable({ resources }: StackReadBack): string | undefined {
  const zones = [...new Set(resources.flatMap(({ zone }) => zone ?? []))];
  if (zones.length === 0) return undefined;
  const cells = new Map(zones.map((zone) => [zone, columnsOf(resources.filter((resource) => resource.zone === zone))]));
  const found = new Set([...cells.values()].flatMap((columns) => [...columns.keys()]));
  const headings = [...Object.values(COLUMNS).filter((heading) => found.has(heading)), ...found].filter(
    (heading, index, all) => all.indexOf(heading) === index,
  );
  const rows = zones.map((zone) => [zone, ...headings.map((heading) => mark(cells.get(zone)!.get(heading) ?? []))]);
  return columnar([['zone', ...headings], ...rows]);
}

/** What belongs to no zone, and the stack itself. */
export function otherTable({ name, stack, resources }: StackReadBack): string {
  const rows = resources
    .filter(({ zone }) => zone === undefined)
    .map(({ type, physicalId, comparisons }) => [type, physicalId, mark(comparisons)]);
  return columnar([['resource', 'id', 'values'], ...rows, ['AWS::CloudFormation::Stack', name, mark(stack)]]);
}

/** One line per value that differs; what no API answers; nothing when all is well. */
export function differences({ name, stack, resources }: StackReadBack): string[] {
  return [{ logicalId: name, type: 'AWS::CloudFormation::Stack', comparisons: stack }, ...resources].flatMap(
    ({ logicalId, type, comparisons }) =>
      comparisons
        .filter((comparison) => !isEqual(comparison))
        .map(({ path, expected, actual }) => `${logicalId} (${type}) ${path}: template ${shown(expected)}, service ${shown(actual)}`),
  );
}

/** The last line: how it went, and what to do when it did not go well. */
export function verdict(changed: boolean, found: readonly string[]): string {
  if (found.length === 0) return changed ? 'Deployed.' : 'No changes: the lake was deployed already.';
  const values = found.length === 1 ? '1 value differs' : `${found.length} values differ`;
  return `FAILED: ${values} (first: ${found[0]}). \`npx projen local:reset\` starts afresh.`;
}

/** Properties that only the deployed template vouches for, each once. */
export function writeOnly(stacks: readonly StackReadBack[]): string[] {
  const lines = stacks.flatMap(({ resources }) =>
    resources.flatMap((resource) =>
      Object.entries(resource.writeOnly).map(([property, reason]) => `${resource.type} ${property}: ${reason}`),
    ),
  );
  return [...new Set(lines)];
}

function columnsOf(resources: readonly ResourceReadBack[]): Map<string, Comparison[]> {
  const columns = new Map<string, Comparison[]>();
  for (const { type, comparisons } of resources) {
    for (const comparison of comparisons) {
      const heading = headingOf(type, comparison.path);
      columns.set(heading, [...(columns.get(heading) ?? []), comparison]);
    }
  }
  return columns;
}

function headingOf(type: string, path: string): string {
  if (type === 'AWS::SSM::Parameter') return 'parameters';
  if (type === 'AWS::S3::BucketPolicy') return 'policy';
  const property = path.split('.')[0];
  return COLUMNS[property] ?? property;
}

function mark(comparisons: readonly Comparison[]): string {
  const different = comparisons.filter((comparison) => !isEqual(comparison)).length;
  if (comparisons.length === 0) return '–';
  return different === 0 ? `✔ ${comparisons.length}` : `✘ ${different} of ${comparisons.length}`;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'has none' : `has ${JSON.stringify(value)}`;
}

function columnar(rows: readonly string[][]): string {
  const widths = rows[0].map((_heading, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
