import type { AssemblyStack } from './assembly';
import type { Wait } from './plan';
import { isObject, type Json, type JsonObject, type StackTemplate } from './stack-template';

/** What one stack gives to others, before and after this plan. */
export interface Producer {
  readonly stack: Pick<AssemblyStack, 'artifactId' | 'name'>;
  /** Its own template and those of its nested stacks. */
  readonly templates: readonly StackTemplate[];
  /** Names of the SSM parameters that the plan adds or changes. */
  readonly changedParameters: ReadonlySet<string>;
  /** Names of the exports that are there. */
  readonly exports: ReadonlySet<string>;
  /** Names of the outputs that are there. */
  readonly outputs: ReadonlySet<string>;
}

/** Why no change set of a stack can be made yet: it reads what an earlier stack of the plan makes or changes. Sorted. */
export function waitsOf(
  consumer: Pick<AssemblyStack, 'artifactId'>,
  templates: readonly StackTemplate[],
  all: readonly Producer[],
): Wait[] {
  const producers = all.filter(({ stack }) => stack.artifactId !== consumer.artifactId);
  const reads = templates.flatMap(readsOf);
  const waits = reads.flatMap((read) => {
    const maker = producers.find((producer) => makes(producer, read));
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

/** CloudFormation reads its value when it makes a change set. */
export const SSM_VALUE = /^AWS::SSM::Parameter::Value<.*>$/;

/** Names of the SSM parameters behind the parameters of a template, by parameter. */
export function ssmParametersOf({ Parameters = {} }: StackTemplate, given: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(Parameters).filter(([, { Type }]) => SSM_VALUE.test(Type));
  return Object.fromEntries(
    found.flatMap(([name, { Default }]) => {
      const value = Object.hasOwn(given, name) ? given[name] : Default;
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}

function readsOf(template: StackTemplate): Read[] {
  const parameters = Object.values(ssmParametersOf(template, {})).map((name): Read => ({ kind: 'parameter', name }));
  return [...parameters, ...readsIn(template as unknown as JsonObject)];
}

/** `{{resolve:ssm:name}}`, with a version or without. */
const DYNAMIC = /\{\{resolve:ssm:([^:}]+)(?::\d+)?\}\}/g;

function readsIn(value: Json): Read[] {
  if (typeof value === 'string') return [...value.matchAll(DYNAMIC)].map(([, name]): Read => ({ kind: 'parameter', name }));
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(readsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]): Read[] => {
    if (key === 'Fn::ImportValue') return [{ kind: 'export', name: nameText(member) }];
    if (key === 'Fn::GetStackOutput' && isObject(member) && typeof member.OutputName === 'string') {
      return [{ kind: 'output', name: member.OutputName, stackName: nameText(member.StackName) }];
    }
    return readsIn(member);
  });
}

const SSM_PARAMETER = 'AWS::SSM::Parameter';

/** Names of the SSM parameters that stand in a template, by logical id. */
export function ownParametersOf({ Resources }: StackTemplate): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) =>
      Type === SSM_PARAMETER && typeof Properties.Name === 'string' ? [[id, Properties.Name]] : [],
    ),
  );
}
