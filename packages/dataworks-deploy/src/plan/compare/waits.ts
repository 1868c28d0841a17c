import type { AssemblyStack } from '../assembly/assembly';
import type { Wait } from '../plan';
import { isObject, type Json, type JsonObject, type StackTemplate } from '../template/stack-template';

/** What one stack gives to others, before and after this plan. */
export interface Producer {
  readonly stack: Pick<AssemblyStack, 'artifactId' | 'name' | 'region'>;
  /** Its own template and those of its nested stacks. */
  readonly templates: readonly StackTemplate[];
  /** SSM parameters that the plan adds or changes, by name: their new value where the template writes it out. */
  readonly changedParameters: ReadonlyMap<string, string | undefined>;
  /** Names of the exports that are there. */
  readonly exports: ReadonlySet<string>;
  /** Names of the outputs that are there, and stay as they are. */
  readonly outputs: ReadonlySet<string>;
}

/** What reads from others. */
export interface Consumer {
  readonly stack: Pick<AssemblyStack, 'artifactId' | 'region'>;
  /** Its own template and those of its nested stacks. */
  readonly templates: readonly StackTemplate[];
  /** Names of the SSM parameters behind its parameters, and those of its nested stacks. */
  readonly ssmNames: readonly string[];
}

/** Why no change set of a stack can be made yet: it reads what an earlier stack of the plan makes or changes. Sorted. */
export function waitsOf({ stack: consumer, templates, ssmNames }: Consumer, all: readonly Producer[]): Wait[] {
  const producers = all.filter(({ stack }) => stack.artifactId !== consumer.artifactId);
  const parameters = ssmNames.map((name): Read => ({ kind: 'parameter', name }));
  const reads = [...parameters, ...templates.flatMap((template) => readsIn(template as unknown as JsonObject))];
  const waits = reads.flatMap((read) => {
    const maker = producers.find(
      (producer) => makes(producer, read) && (read.kind === 'output' || producer.stack.region === consumer.region),
    );
    return maker ? [{ kind: read.kind, name: read.name, madeBy: maker.stack.artifactId }] : [];
  });
  const unique = new Map(waits.map((wait) => [JSON.stringify(wait), wait]));
  return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, wait]) => wait);
}

interface Read {
  readonly kind: Wait['kind'];
  readonly name: string;
  /** Of an output. */
  readonly stackName?: string;
}

function makes(producer: Producer, { kind, name, stackName }: Read): boolean {
  switch (kind) {
    case 'parameter':
      return producer.changedParameters.has(name);
    case 'export':
      return !producer.exports.has(name) && producer.templates.some((template) => exportNames(template).includes(name));
    case 'output':
      return producer.stack.name === stackName && !producer.outputs.has(name);
  }
}

function exportNames({ Outputs = {} }: StackTemplate): string[] {
  return Object.values(Outputs).flatMap(({ Export }) => (Export === undefined ? [] : [nameText(Export.Name)]));
}

/** Names that the template writes out; those that a function makes are compared as they are written. */
function nameText(name: Json): string {
  return typeof name === 'string' ? name : JSON.stringify(name);
}

/** `{{resolve:ssm:name}}`, with a version or without. */
export const DYNAMIC = /\{\{resolve:ssm:([^:}]+)(?::(\d+))?\}\}/g;

function readsIn(value: Json): Read[] {
  if (typeof value === 'string') return [...value.matchAll(DYNAMIC)].map(([, name]): Read => ({ kind: 'parameter', name }));
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(readsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]): Read[] => {
    const read = readBy(key, member);
    return read ? [read] : readsIn(member);
  });
}

function readBy(key: string, argument: Json): Read | undefined {
  if (key === 'Fn::ImportValue') return { kind: 'export', name: nameText(argument) };
  if (key === 'Fn::GetStackOutput' && isObject(argument) && typeof argument.OutputName === 'string') {
    return { kind: 'output', name: argument.OutputName, stackName: nameText(argument.StackName) };
  }
  return undefined;
}

/** Whether a function reads what is waited for. */
export function isRead(key: string, argument: Json, waits: readonly Wait[]): boolean {
  const read = readBy(key, argument);
  return read !== undefined && waits.some(({ kind, name }) => kind === read.kind && name === read.name);
}

const SSM_PARAMETER = 'AWS::SSM::Parameter';

/** SSM parameters that stand in a template, by logical id; their values where they are written out. */
export function ownParametersOf({ Resources }: StackTemplate): Record<string, { readonly name: string; readonly value?: string }> {
  return Object.fromEntries(
    Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
      const { Name, Value } = Properties;
      if (Type !== SSM_PARAMETER || typeof Name !== 'string') return [];
      return [[id, { name: Name, ...(typeof Value === 'string' && !Value.includes('{{resolve:') && { value: Value }) }]];
    }),
  );
}
