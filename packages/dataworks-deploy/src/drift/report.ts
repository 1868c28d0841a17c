/** What drifted, in plain English. Values come from the account: none of them is trusted. */
import { isDrifted, type ResourceDrift, type StackDrift } from './drift';
import type { PropertyDifference } from '../aws/drift-detection';
import { printable } from '../printable';

/** Policies are long; `--json` has all of them. */
const SHOWN_CHARACTERS = 120;

export function driftReport(stacks: readonly StackDrift[]): string {
  return [...stacks.flatMap((stack) => [...stackLines(stack), '']), ...verdict(stacks)].map(printable).join('\n');
}

function stackLines(stack: StackDrift): string[] {
  const { status, note, resources } = stack;
  const changed = resources.filter((one) => one.status === 'MODIFIED' || one.status === 'DELETED');
  const unknown = resources.filter((one) => one.status === 'UNKNOWN');
  const unchecked = resources.filter((one) => one.status === 'NOT_CHECKED');
  return [
    `${placeOf(stack)}: ${status}`,
    ...(note === undefined ? [] : [`  ${note}`]),
    ...changed.flatMap(resourceLines),
    ...(unknown.length === 0 ? [] : [`  could not be checked this time: ${unknown.map(nameOf).join(', ')}`]),
    ...(unchecked.length === 0 ? [] : [`  not checked, CloudFormation cannot: ${byType(unchecked)}`]),
  ];
}

function placeOf({ name, region, nested }: StackDrift): string {
  return `${name}, ${region}${nested.length === 0 ? '' : `, nested as ${nested.join('/')}`}`;
}

function resourceLines(resource: ResourceDrift): string[] {
  return [`  ${resource.status} ${nameOf(resource)}`, ...resource.differences.map((difference) => `    ${differenceWords(difference)}`)];
}

function nameOf({ type, logicalId, physicalId }: ResourceDrift): string {
  return `${type} ${logicalId}${physicalId === undefined ? '' : ` (${physicalId})`}`;
}

function differenceWords({ path, kind, expected, actual }: PropertyDifference): string {
  if (kind === 'ADD') return `${path}: added, ${short(actual)}`;
  if (kind === 'REMOVE') return `${path}: removed, was ${short(expected)}`;
  return `${path}: is ${short(actual)}, applied was ${short(expected)}`;
}

function short(value: string): string {
  return value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
}

function byType(resources: readonly ResourceDrift[]): string {
  const types = [...new Set(resources.map(({ type }) => type))].sort();
  return types.map((type) => `${resources.filter((one) => one.type === type).length} ${type}`).join(', ');
}

function verdict(stacks: readonly StackDrift[]): string[] {
  const resources = stacks.flatMap((stack) => stack.resources);
  const checked = resources.filter(({ status }) => status !== 'NOT_CHECKED' && status !== 'UNKNOWN').length;
  const drifted = stacks.filter(isDrifted).length;
  const found = checked === resources.length ? 'No drift found' : 'No drift found in what was compared';
  const words = drifted === 0 ? found : `${drifted} of ${stacks.length} stacks drifted`;
  const unchecked = stacks.filter((stack) => stack.status === 'NOT_CHECKED' && stack.resources.length > 0);
  return [
    `${words}; ${checked} of ${resources.length} resources compared.`,
    ...(unchecked.length === 0 ? [] : [`Nothing was compared of: ${unchecked.map(placeOf).join('; ')}. CloudFormation cannot.`]),
    'Only properties that the templates set are compared: a default that somebody changed, and what is in no stack, is not seen.',
  ];
}
