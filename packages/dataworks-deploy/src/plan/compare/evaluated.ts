import { isDeepStrictEqual } from 'node:util';
import { changedConditions } from './changed-values';
import { partitionOf, type Place } from '../assembly/place';
import { Evaluation, type Values } from '../template/evaluation';
import { isStored, type JsonObject, type StackTemplate } from '../template/stack-template';

/** A template, and the values of its parameters. */
export interface Valued {
  readonly template: StackTemplate;
  readonly values: Values;
}

export interface BeforeAndAfter {
  /** Undefined for a stack that does not exist. */
  readonly deployed?: StackTemplate;
  readonly planned: StackTemplate;
}

export interface Evaluated extends BeforeAndAfter {
  /**
   * Conditions of an existing stack that change and of which nobody knows what they become, sorted.
   *
   * @param changed parameters of the planned one with another value than the deployed one
   */
  readonly unknownConditions: (changed: readonly string[]) => readonly string[];
}

/**
 * Two templates of a stack as CloudFormation compares them: without the resources whose condition does not hold, and with the values of
 * mappings.
 */
export function evaluated(planned: Valued, deployed: Valued | undefined): Evaluated {
  const after = new Evaluation(planned.template, planned.values);
  if (!deployed) return { planned: after.evaluated(() => true), unknownConditions: () => [] };
  const before = new Evaluation(deployed.template, deployed.values);
  const [old, next] = [deployed, planned].map(({ template }) => (template.Conditions ?? {}) as JsonObject);
  const isUsed = (name: string) =>
    (!(name in old) || before.holds(name) !== undefined) && (!(name in next) || after.holds(name) !== undefined);
  const unknownConditions = (changed: readonly string[]) => {
    const dependent = changedConditions(next, new Set(changed));
    return [...new Set([...before.conditionNames, ...after.conditionNames])]
      .filter((name) => !isUsed(name) && (dependent.has(name) || !isDeepStrictEqual(old[name], next[name])))
      .sort();
  };
  return { planned: after.evaluated(isUsed), deployed: before.evaluated(isUsed), unknownConditions };
}

/** CloudFormation tells no value of a parameter with NoEcho. */
const MASKED = '****';

/** Types whose value is a list, written with commas. */
const LIST = /^(AWS::SSM::Parameter::Value<)?(CommaDelimitedList|List<)/;

/** What the parameters of a stack get, by name. */
export interface Given {
  /** Undefined for a value that is not known. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Of those from the parameter store, their values there; missing when they are not known. */
  readonly resolved: Readonly<Record<string, string | undefined>>;
}

/** The values of a template's parameters, with those that CloudFormation has for every stack. */
export function valuesIn({ Parameters = {} }: StackTemplate, { parameters, resolved }: Given, { account, region }: Place): Values {
  const own = Object.entries(Parameters).flatMap(([name, parameter]): Array<[string, string | readonly string[]]> => {
    const given = Object.hasOwn(parameters, name) ? parameters[name] : parameter.Default?.toString();
    const value = isStored(parameter) ? resolved[name] : given;
    return value === undefined || value === MASKED ? [] : [[name, LIST.test(parameter.Type) ? value.split(',') : value]];
  });
  return new Map([...own, ['AWS::AccountId', account], ['AWS::Region', region], ['AWS::Partition', partitionOf(region)]]);
}
