import { isDeepStrictEqual } from 'node:util';
import type { Certainty } from './given-values';
import type { AssemblyStack } from '../assembly/assembly';
import type { Wait } from '../plan';
import { isObject, type Json, type JsonObject, type StackTemplate } from '../template/stack-template';

/** What one stack gives to others, before and after this plan. */
export interface Producer {
  readonly stack: Pick<AssemblyStack, 'artifactId' | 'name' | 'region'>;
  /** Its own template and those of its nested stacks. */
  readonly templates: readonly StackTemplate[];
  /** SSM parameters that the plan adds, or gives another value, by name. */
  readonly changedParameters: ReadonlyMap<string, ChangedValue>;
  /** Names of the exports that are there. */
  readonly exports: ReadonlySet<string>;
  /** Names of the outputs that are there. */
  readonly outputs: ReadonlySet<string>;
  /** By name. */
  readonly changedOutputs: ReadonlyMap<string, ChangedValue>;
}

/** What a stack gives anew. */
export interface ChangedValue {
  readonly certainty: Certainty;
  /** Of an SSM parameter, where the template writes it out. */
  readonly value?: string;
}

/** A wait, and how certain it is that what is read is another value. */
export interface Awaited extends Wait {
  readonly read: Read;
  readonly certainty: Certainty;
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
export function waitsOf({ stack: consumer, templates, ssmNames }: Consumer, all: readonly Producer[]): Awaited[] {
  const producers = all.filter(({ stack }) => stack.artifactId !== consumer.artifactId);
  const parameters = ssmNames.map((name): Read => ({ kind: 'parameter', name }));
  const reads = [...parameters, ...templates.flatMap((template) => readsIn(template as unknown as JsonObject))];
  const waits = reads.flatMap((read) => {
    const makers = producers.filter(({ stack }) => stack.region === (read.region ?? consumer.region));
    const made = makers.map((maker) => ({ maker, value: madeBy(maker, read) })).find(({ value }) => value !== undefined);
    if (!made) return [];
    return [{ kind: read.kind, name: read.name, madeBy: made.maker.stack.artifactId, certainty: made.value!.certainty, read }];
  });
  const unique = new Map(waits.map((wait) => [JSON.stringify(wait), wait]));
  return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, wait]) => wait);
}

interface Read {
  readonly kind: Wait['kind'];
  readonly name: string;
  /** Of an output. */
  readonly stackName?: string;
  /** Of an output, when it is written out. By default that of the stack that reads it. */
  readonly region?: string;
}

const NEW: ChangedValue = { certainty: 'certainly' };

function madeBy(producer: Producer, { kind, name, stackName }: Read): ChangedValue | undefined {
  switch (kind) {
    case 'parameter':
      return producer.changedParameters.get(name);
    case 'export': {
      const isThere = producer.exports.has(name) || !producer.templates.some((template) => exportNames(template).includes(name));
      return isThere ? undefined : NEW;
    }
    case 'output':
      if (producer.stack.name !== stackName) return undefined;
      return producer.changedOutputs.get(name) ?? (producer.outputs.has(name) ? undefined : NEW);
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
    const { OutputName: name, StackName, Region } = argument;
    return { kind: 'output', name, stackName: nameText(StackName), ...(typeof Region === 'string' && { region: Region }) };
  }
  return undefined;
}

/** What a function reads of what is waited for. */
export function readIn(key: string, argument: Json, waits: readonly Awaited[]): readonly Awaited[] {
  const read = readBy(key, argument);
  return read ? waits.filter((wait) => isDeepStrictEqual(wait.read, read)) : [];
}
