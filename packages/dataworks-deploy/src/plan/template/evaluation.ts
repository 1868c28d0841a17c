import { isObject, memberOf, type Json, type JsonObject, type StackTemplate } from './stack-template';

type Value = string | readonly string[];

/** Values of parameters and pseudo parameters, by name. What is missing is not known. */
export type Values = ReadonlyMap<string, Value>;

/** Takes the place of what `AWS::NoValue` removes. */
const NOTHING = Symbol('nothing');

/** What CloudFormation makes of conditions and mappings before it looks at a template's resources. */
export class Evaluation {
  private readonly conditions: JsonObject;
  private readonly known = new Map<string, boolean | undefined>();

  public constructor(
    private readonly template: StackTemplate,
    private readonly values: Values,
  ) {
    this.conditions = isObject(template.Conditions) ? template.Conditions : {};
  }

  public get conditionNames(): string[] {
    return Object.keys(this.conditions);
  }

  /** Whether a condition holds; undefined when that depends on a value that is not known. */
  public holds(name: string): boolean | undefined {
    if (!this.known.has(name)) {
      this.known.set(name, undefined); // a condition that depends on itself is none
      this.known.set(name, this.isTrue(memberOf(this.conditions, name)));
    }
    return this.known.get(name);
  }

  /** What a property is as text, or as a list of texts; undefined when that is not known. */
  public value(json: Json | undefined): Value | undefined {
    if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return String(json);
    if (Array.isArray(json)) return texts((json as readonly Json[]).map((one) => this.value(one)));
    if (!isObject(json)) return undefined;
    const [name, argument] = functionIn(json);
    if (name === 'Ref') return this.values.get(plain(argument));
    if (name === 'Fn::Sub') return typeof argument === 'string' ? this.substituted(argument) : undefined;
    if (!Array.isArray(argument)) return undefined;
    const [first, second, third] = argument as readonly Json[];
    switch (name) {
      case 'Fn::FindInMap':
        return this.mapped(argument as readonly Json[]);
      case 'Fn::If': {
        const holds = this.holds(plain(first));
        return holds === undefined ? undefined : this.value(holds ? second : third);
      }
      case 'Fn::Join': {
        const list = this.value(second);
        return Array.isArray(list) ? list.join(plain(first)) : undefined;
      }
      case 'Fn::Select': {
        const list = this.value(second);
        return Array.isArray(list) ? (list as readonly string[])[Number(plain(first))] : undefined;
      }
      case 'Fn::Split': {
        const text = this.value(second);
        return typeof text === 'string' ? text.split(plain(first)) : undefined;
      }
      default:
        return undefined;
    }
  }

  /**
   * The template without what does not exist, and with the branches and the values that are chosen.
   *
   * @param isUsed whether what is known of a condition is to be used
   */
  public evaluated(isUsed: (condition: string) => boolean): StackTemplate {
    const holds = (name: string) => (isUsed(name) ? this.holds(name) : undefined);
    const section = (members: unknown) =>
      Object.fromEntries(
        Object.entries(members as JsonObject).flatMap(([id, member]): Array<[string, Json]> => {
          const held = isObject(member) && typeof member.Condition === 'string' ? holds(member.Condition) : undefined;
          return held === false ? [] : [[id, this.chosen(held && isObject(member) ? without('Condition', member) : member, holds) as Json]];
        }),
      );
    return {
      ...this.template,
      Resources: section(this.template.Resources) as unknown as StackTemplate['Resources'],
      ...(this.template.Outputs && { Outputs: section(this.template.Outputs) as StackTemplate['Outputs'] }),
    };
  }

  private chosen(json: Json, holds: (name: string) => boolean | undefined): Json | typeof NOTHING {
    const within = (one: Json) => this.chosen(one, holds);
    if (Array.isArray(json)) return (json as readonly Json[]).map(within).filter((one) => one !== NOTHING);
    if (!isObject(json)) return json;
    if (json.Ref === 'AWS::NoValue') return NOTHING;
    const branches = json['Fn::If'];
    if (Array.isArray(branches)) {
      const [name, one, other] = branches as readonly Json[];
      const held = holds(plain(name));
      if (held !== undefined) return within(held ? one : other);
      return json; // both branches as they are written
    }
    const mapped = Array.isArray(json['Fn::FindInMap']) ? this.value(json) : undefined;
    if (mapped !== undefined) return mapped;
    const members = Object.entries(json).map(([key, member]) => [key, within(member)] as const);
    return Object.fromEntries(members.filter((entry): entry is readonly [string, Json] => entry[1] !== NOTHING));
  }

  private isTrue(condition: Json | undefined): boolean | undefined {
    if (!isObject(condition)) return undefined;
    if (typeof condition.Condition === 'string') return this.holds(condition.Condition);
    const [name, argument] = functionIn(condition);
    if (!Array.isArray(argument)) return undefined;
    const members = argument as readonly Json[];
    switch (name) {
      case 'Fn::Equals': {
        const [one, other] = members.map((member) => this.value(member));
        return one === undefined || other === undefined ? undefined : String(one) === String(other);
      }
      case 'Fn::Not': {
        const inner = this.isTrue(members[0]);
        return inner === undefined ? undefined : !inner;
      }
      case 'Fn::And':
        return all(members.map((member) => this.isTrue(member)));
      case 'Fn::Or': {
        const none = all(members.map((member) => this.isTrue({ 'Fn::Not': [member] })));
        return none === undefined ? undefined : !none;
      }
      default:
        return undefined;
    }
  }

  private mapped([map, first, second]: readonly Json[]): Value | undefined {
    const [name, top, key] = [map, first, second].map((one) => this.value(one));
    const found = [name, top, key].reduce<Json | undefined>(
      (value, at) => (typeof at === 'string' && isObject(value) ? memberOf(value, at) : undefined),
      this.template.Mappings as Json | undefined,
    );
    return this.value(found);
  }

  private substituted(text: string): string | undefined {
    const parts = text.split(/\$\{([^}]+)\}/);
    const values = parts.map((part, index) =>
      index % 2 === 0 ? part : part.startsWith('!') ? `\${${part.slice(1)}}` : this.values.get(part),
    );
    return texts(values)?.join('');
  }
}

/** What stands where a function takes no other function. */
function plain(json: Json | undefined): string {
  return typeof json === 'string' || typeof json === 'number' ? String(json) : '';
}

/** Name and argument of a function; of anything else, an empty name. */
function functionIn(json: JsonObject): [name: string, argument?: Json] {
  const entries = Object.entries(json);
  return entries.length === 1 ? entries[0] : [''];
}

function all(members: ReadonlyArray<boolean | undefined>): boolean | undefined {
  if (members.includes(false)) return false;
  return members.includes(undefined) ? undefined : true;
}

function texts(values: ReadonlyArray<Value | undefined>): readonly string[] | undefined {
  return values.every((value) => typeof value === 'string') ? values : undefined;
}

function without(key: string, json: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== key));
}
