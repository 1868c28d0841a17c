/** A stack with its nested stacks, against what is deployed. */
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { certaintyBetween, movedIn, withMarks, type ChangedValues } from './changed-values';
import { givenBy, type Certainty } from './given-values';
import type { Level } from './levels';
import { withValues } from './property-values';
import { inputsOf, type ChangedInput, type Inputs } from './stack-inputs';
import type { Awaited, ChangedValue } from './waits';
import { Fault } from '../../fault';
import type { AssemblyStack } from '../assembly/assembly';
import { PLAN_FAULTS } from '../faults';
import type { NestedParameters, OtherChange, ResourceChange } from '../plan';
import { inDependencyOrder } from '../template/dependency-order';
import { isIntrinsic } from '../template/property-paths';
import { isObject, memberOf, type Json, type StackTemplate, type TemplateResource } from '../template/stack-template';

export interface StackChanges {
  readonly resources: readonly ResourceChange[];
  readonly others: readonly OtherChange[];
  /** SSM parameters, also of its nested stacks, that are added or get another value, by name. */
  readonly changedParameters: ReadonlyMap<string, ChangedValue>;
  /** By name. */
  readonly changedOutputs: ReadonlyMap<string, ChangedValue>;
  /** Its own template and those of its nested stacks, as planned. */
  readonly templates: readonly StackTemplate[];
  /** Of its own parameters. */
  readonly inputs: Inputs;
  /** Of the parameters of its nested stacks, by path. */
  readonly nestedParameters: readonly NestedParameters[];
}

/** Parameters that are given another value, as far as that can be seen without knowing it. */
export type ChangedInputs = ReadonlyMap<string, ChangedInput>;

/** Loads what compares templates when one has changed: most stacks of a plan are as they were. */
const load = createRequire(__filename);

/**
 * Compare a template and, through its nested stacks, all below it. Throws DW3238 when a condition of an existing stack changes, and what it
 * becomes is not known.
 *
 * @param waits what other stacks of the plan make or change first
 */
export function compareStack(level: Level, changedInputs: ChangedInputs, waits: readonly Awaited[]): StackChanges {
  const { planned, nested, both } = level;
  const inputs = inputsOf({ ...level, changedInputs });
  const unknown = both.unknownConditions(inputs.changedParameters);
  if (unknown.length > 0) throw new Fault(PLAN_FAULTS.unknownCondition, { received: `${unknown.join(', ')} of ${level.where}` });
  const { resources, inner, changedParameters, ...found } = new LevelComparison(level, inputs, changedInputs, waits).changes();
  return {
    resources: [...withValues(resources, both), ...inner.flatMap(([, one]) => one.resources)],
    ...found,
    changedParameters: new Map([...changedParameters, ...inner.flatMap(([, one]) => [...one.changedParameters])]),
    templates: [planned, ...inner.flatMap(([, { templates }]) => templates)],
    inputs,
    nestedParameters: inner.flatMap(([name, one]) => [
      ...(one.templates[0].Parameters ? [{ nested: [...nested, name], ...one.inputs }] : []),
      ...one.nestedParameters,
    ]),
  };
}

interface Changes extends Pick<StackChanges, 'changedOutputs' | 'changedParameters' | 'others' | 'resources'> {
  /** Of nested stacks by logical id, sorted. */
  readonly inner: ReadonlyArray<readonly [string, StackChanges]>;
}

/**
 * What changes, and what changes because of that: a changed resource may change those that read it, in nested stacks as well. Each is
 * compared after those that it reads, and so once, unless some read each other in a circle.
 */
class LevelComparison {
  private readonly found = new Map<string, ResourceChange>();
  private readonly inner = new Map<string, StackChanges>();
  /** Resources as they were compared: with their changed values marked. */
  private readonly compared = new Map<string, TemplateResource | undefined>();
  private readonly changed: ChangedValues;

  public constructor(
    private readonly level: Level,
    { changedParameters, ssmParameters }: Inputs,
    private readonly changedInputs: ChangedInputs,
    waits: readonly Awaited[],
  ) {
    /** Of a parameter of the store under the same name, of which only the deployment of another stack tells the value. */
    const madeCertainty = (parameter: string): Certainty | undefined => {
      const stored = new Map(Object.entries(ssmParameters)).get(parameter);
      if (!stored || stored.value !== undefined || stored.name !== level.deployed?.parameters[parameter]) return undefined;
      return waits.find(({ kind, name }) => kind === 'parameter' && name === stored.name)?.certainty;
    };
    // One that is given the same expression, and has another value all the same, has it for certain.
    const certaintyOf = (name: string) => madeCertainty(name) ?? changedInputs.get(name)?.certainty ?? 'certainly';
    const parameters = new Map(changedParameters.map((name) => [name, certaintyOf(name)]));
    this.changed = {
      parameters,
      waits,
      gives: givenBy(this.found, (logicalId) => this.inner.get(logicalId)?.changedOutputs),
    };
  }

  public changes(): Changes {
    const { planned, deployed } = this.level.both;
    const removed = Object.keys(deployed?.Resources ?? {}).filter((logicalId) => !Object.hasOwn(planned.Resources, logicalId));
    const ids = [...inDependencyOrder(planned), ...removed];
    // More rounds than there are resources find nothing more, even in a circle.
    for (let rounds = ids.length; rounds > 0 && this.hasNews(ids); rounds -= 1);
    return {
      resources: [...this.found.values()].sort((one, other) => (one.logicalId < other.logicalId ? -1 : 1)),
      others: this.others(),
      changedParameters: this.changedParameters(),
      changedOutputs: this.changedOutputs(),
      inner: [...this.level.inner.keys()].map((name) => [name, this.inner.get(name)!] as const),
    };
  }

  /** Compare what was not compared as it is now; whether that changes anything. */
  private hasNews(ids: readonly string[]): boolean {
    return ids.map((logicalId) => this.compare(logicalId)).includes(true);
  }

  private compare(logicalId: string): boolean {
    const { both, inner, nested } = this.level;
    const [before, after] = [both.deployed, both.planned].map((template) => resourceOf(template, logicalId));
    const planned = both.deployed && after ? (withMarks(after as unknown as Json, this.changed) as unknown as TemplateResource) : after;
    if (this.compared.has(logicalId) && isDeepStrictEqual(this.compared.get(logicalId), planned)) return false;
    this.compared.set(logicalId, planned);
    const change = isDeepStrictEqual(before, planned)
      ? undefined
      : comparing().compareResource({
          logicalId,
          nested,
          deployed: before,
          planned,
          causes: () => this.causesIn(after as unknown as Json),
        });
    if (change) this.found.set(logicalId, change);
    else this.found.delete(logicalId);
    const level = inner.get(logicalId);
    if (level) this.inner.set(logicalId, compareStack(level, this.inputsChangedBy(change, level), this.changed.waits));
    return change !== undefined || level !== undefined;
  }

  private changedParameters(): Map<string, ChangedValue> {
    const changed = [...this.found.values()].flatMap(({ logicalId, action, replacement, properties }): Array<[string, ChangedValue]> => {
      const [before, after] = [this.level.both.deployed, this.level.both.planned].map((template) => resourceOf(template, logicalId));
      const { Name, Value } = after?.Properties ?? {};
      if (after?.Type !== 'AWS::SSM::Parameter' || typeof Name !== 'string') return [];
      const isNew = action === 'add' || replacement !== 'never';
      if (!isNew && !properties.some((path) => /^\/Properties\/(Type|Value)(\/|$)/.test(path))) return []; // such as its tags
      const isKnown = typeof Value === 'string' && !Value.includes('{{resolve:');
      return [
        [Name, { certainty: isNew ? 'certainly' : this.certaintyOf(before?.Properties?.Value, Value), ...(isKnown && { value: Value }) }],
      ];
    });
    return new Map(changed);
  }

  /** Those that have another value, are added, or are removed; nobody reads their descriptions. */
  private changedOutputs(): Map<string, ChangedValue> {
    const { deployed, planned } = this.level.both;
    if (!deployed) return new Map();
    const names = [...new Set([deployed, planned].flatMap(({ Outputs = {} }) => Object.keys(Outputs)))];
    const changed = names.flatMap((name): Array<[string, ChangedValue]> => {
      const [before, after] = [deployed, planned].map(({ Outputs = {} }) => memberOf(Outputs, name)?.Value);
      const marked = after && withMarks(after, this.changed);
      return isDeepStrictEqual(before, marked) ? [] : [[name, { certainty: certaintyBetween(before, marked) }]];
    });
    return new Map(changed);
  }

  private certaintyOf(before: Json | undefined, after: Json | undefined): Certainty {
    return certaintyBetween(before, after && withMarks(after, this.changed));
  }

  private others(): OtherChange[] {
    const { planned, deployed } = this.level.both;
    if (!deployed) return [];
    const Outputs = planned.Outputs && (withMarks(planned.Outputs as unknown as Json, this.changed) as StackTemplate['Outputs']);
    const [before, after] = [deployed, { ...planned, ...(Outputs && { Outputs }) }].map((template) => ({ ...template, Resources: {} }));
    return isDeepStrictEqual(before, after) ? [] : comparing().compareSections(before, after);
  }

  /** What a value reads that may be replaced, here or around, and in no other stack: logical ids, those of nested stacks first. */
  private causesIn(value: Json | undefined): string[] {
    const pathsTo = (name: string) => {
      if (!this.changed.parameters.has(name)) return [[...this.level.nested, name].join('/')];
      return this.changedInputs.get(name)?.follows ?? [];
    };
    return [...new Set(movedIn(value, this.changed).flatMap(pathsTo))].sort();
  }

  /** Parameters of a nested stack that this one gives another value, or another expression. */
  private inputsChangedBy(change: ResourceChange | undefined, { planned: { Parameters = {} } }: Level): ChangedInputs {
    if (change?.action !== 'modify') return new Map();
    const isChanged = (parameter: string) => {
      const input = `/Properties/Parameters/${parameter}/`;
      return change.properties.some((path) => `${path}/`.startsWith(input) || input.startsWith(`${path}/`));
    };
    const { planned, deployed } = this.level.both;
    const inputs = Object.keys(Parameters)
      .filter(isChanged)
      .flatMap((parameter): Array<readonly [string, ChangedInput]> => {
        const [before, after] = [deployed, planned].map((template) => passedIn(resourceOf(template, change.logicalId), parameter));
        const marked = after && withMarks(after, this.changed);
        if (isDeepStrictEqual(before, marked)) return []; // it is only looked up anew
        return [[parameter, { certainty: certaintyBetween(before, marked), follows: this.causesIn(after) }]];
      });
    return new Map(inputs);
  }
}

function comparing(): typeof import('./compare-templates') {
  return load('./compare-templates') as typeof import('./compare-templates');
}

function resourceOf(template: StackTemplate | undefined, logicalId: string): TemplateResource | undefined {
  return template && Object.hasOwn(template.Resources, logicalId) ? template.Resources[logicalId] : undefined;
}

/** What a nested stack is passed for a parameter. */
function passedIn(nested: TemplateResource | undefined, parameter: string): Json | undefined {
  const all = nested?.Properties?.Parameters;
  return isObject(all) && !isIntrinsic(all) ? memberOf(all, parameter) : all;
}

/** The role that CloudFormation gets, in the place of the one that it has. It takes it with another change, not for its own sake. */
export function roleChange({ roleArn }: Pick<AssemblyStack, 'roleArn'>, deployed: Pick<AssemblyStack, 'roleArn'> = {}): OtherChange[] {
  return roleArn === undefined || roleArn === deployed.roleArn ? [] : [{ what: 'role', names: [roleArn] }];
}

/** Changes of the stack itself that stand in no template. */
export function settingChanges(
  planned: Pick<AssemblyStack, 'tags' | 'terminationProtection'>,
  deployed: Pick<AssemblyStack, 'tags' | 'terminationProtection'>,
): OtherChange[] {
  const keys = [...new Set([...Object.keys(planned.tags), ...Object.keys(deployed.tags)])];
  const tags = keys.filter((key) => planned.tags[key] !== deployed.tags[key]).sort();
  return [
    ...(tags.length > 0 ? [{ what: 'tags' as const, names: tags }] : []),
    ...(planned.terminationProtection === deployed.terminationProtection
      ? []
      : [{ what: 'terminationProtection' as const, names: [planned.terminationProtection ? 'on' : 'off'] }]),
  ];
}
