/** The parameters of a template, as far as a plan knows what becomes of them. */
import type { Certainty } from './given-values';
import type { StackState } from '../../aws/stack-reader';
import { sortedTexts } from '../assembly/assembly';
import type { NestedParameters, SsmParameter } from '../plan';
import { isObject, isSecret, isStored, memberOf, type Json, type StackTemplate, type TemplateParameter } from '../template/stack-template';

/** Values that are given to parameters; undefined for one that is given, and known only when it is deployed. */
export type Given = Readonly<Record<string, string | undefined>>;

/** That a parameter is given another value. */
export interface ChangedInput {
  readonly certainty: Certainty;
  /** When it is `moved`, what may be replaced: logical ids, those of nested stacks first. */
  readonly follows: readonly string[];
}

export type Inputs = Omit<NestedParameters, 'nested'>;

export interface InputSource {
  readonly planned: StackTemplate;
  readonly given: Given;
  /** Parameters that are given another value than before, as far as that can be seen without knowing it. */
  readonly changedInputs: ReadonlyMap<string, ChangedInput>;
  /** Undefined for a new stack. */
  readonly deployed?: Pick<StackState, 'parameters' | 'resolved'>;
  /** Values of the parameter store by name, as they will be when the stack is deployed; undefined where nobody knows yet. */
  readonly stored: Readonly<Record<string, string | undefined>>;
}

/** Names of the SSM parameters behind the parameters of a template, by parameter. */
export function ssmParametersOf({ Parameters = {} }: StackTemplate, given: Given): Record<string, string> {
  const found = Object.entries(Parameters).filter(([, parameter]) => isStored(parameter));
  return textsOf(found.map(([name, parameter]) => [name, valueOf(name, parameter, given)]));
}

export function inputsOf({ planned, given, changedInputs, deployed, stored }: InputSource): Inputs {
  const { Parameters = {} } = planned;
  const ssmParameters = Object.fromEntries(
    Object.entries(ssmParametersOf(planned, given)).map(([parameter, name]): [string, SsmParameter] => {
      const value = stored[name];
      const was = memberOf(deployed?.resolved ?? {}, parameter);
      return [parameter, { name, ...(was !== undefined && { was }), ...(value !== undefined && { value }) }];
    }),
  );
  const shown = Object.entries(Parameters).filter(([, parameter]) => !isStored(parameter) && !isSecret(parameter));
  const parameters = textsOf(shown.map(([name, parameter]) => [name, valueOf(name, parameter, given)]));
  const isChanged = (name: string): boolean => {
    const was = memberOf(deployed?.parameters ?? {}, name);
    if (was === undefined) return false; // a new one changes the resources that refer to it in the template itself
    const before = memberOf(deployed?.resolved ?? {}, name) ?? was;
    const ssm = memberOf(ssmParameters, name);
    const isNamedAnew = ssm !== undefined && ssm.name !== was;
    const now = ssm ? ssm.value : memberOf(parameters, name);
    // What cannot be compared counts as changed.
    return isNamedAnew || (now === undefined ? ssm !== undefined || changedInputs.has(name) : now !== before);
  };
  return { parameters, ssmParameters, changedParameters: Object.keys(Parameters).filter(isChanged).sort() };
}

/**
 * What a nested stack is given.
 *
 * @param passed property `Parameters` of its resource
 * @param around parameters of the template that the resource stands in
 */
export function givenTo({ Parameters = {} }: StackTemplate, passed: Json | undefined, around: Inputs): Given {
  if (passed === undefined) return {};
  const given = isObject(passed) && !Object.keys(passed).some((key) => key.startsWith('Fn::')) ? passed : undefined;
  return Object.fromEntries(
    Object.keys(Parameters).flatMap((name) => {
      if (given === undefined) return [[name, undefined]];
      return Object.hasOwn(given, name) ? [[name, textOf(given[name], around)]] : [];
    }),
  );
}

/** A value that stands there, or is that of a parameter. */
function textOf(value: Json, { parameters, ssmParameters }: Inputs): string | undefined {
  if (typeof value === 'string') return value.includes('{{resolve:') ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value) || typeof value.Ref !== 'string') return undefined;
  return memberOf(parameters, value.Ref) ?? memberOf(ssmParameters, value.Ref)?.value;
}

function valueOf(name: string, { Default }: TemplateParameter, given: Given): string | undefined {
  if (Object.hasOwn(given, name)) return given[name];
  return Default === undefined ? undefined : String(Default);
}

function textsOf(entries: ReadonlyArray<readonly [string, string | undefined]>): Record<string, string> {
  return sortedTexts(Object.fromEntries(entries.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))));
}
