import { table } from './markdown';
import schema from '../../../packages/dataworks-deploy/schema/dataworks.schema.json';
import { FORMS } from '../../../packages/dataworks-deploy/src/config/shape';

/** The part of JSON Schema that the schema of dataworks.json uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

/** Every key of dataworks.json: what it holds, its default, what it means. */
export function keyTable(): string {
  return table(['key', 'value', 'default', 'meaning'], rowsOf(schema, ''));
}

function rowsOf(object: Schema, path: string): string[][] {
  return Object.entries(object.properties ?? {}).flatMap(([name, member]) => {
    const key = `${path}${name}`;
    const value = resolved(member);
    const { items, additionalProperties } = value;
    const children = [
      ...rowsOf(value, `${key}.`),
      ...(items ? rowsOf(resolved(items), `${key}[].`) : []),
      ...(typeof additionalProperties === 'object' ? rowsOf(resolved(additionalProperties), `${key}.<zone>.`) : []),
    ];
    const isRequired = object.required?.includes(name) ?? false;
    if (value.description === undefined) throw new Error(`The schema does not describe ${key}.`);
    return [[`\`${key}\``, valueOf(value), isRequired ? '**required**' : defaultOf(value), value.description], ...children];
  });
}

/** With what it refers to. */
function resolved(member: Schema): Schema {
  const name = member.$ref?.replace('#/definitions/', '');
  return name === undefined ? member : { ...(schema.definitions as Record<string, Schema>)[name], ...member };
}

function valueOf(value: Schema): string {
  const { type, pattern, minimum, maximum } = value;
  if (value.enum) return value.enum.map((choice) => `\`${choice}\``).join(', ');
  if (pattern !== undefined) return FORMS[pattern] ?? `\`${pattern}\``;
  if (type === 'integer') return `whole number, ${minimum} to ${maximum}`;
  if (type === 'array') return listOf(value.items && resolved(value.items));
  if (type === 'string') return 'text';
  return type === 'boolean' ? '`true` or `false`' : String(type);
}

const listOf = (items: Schema | undefined): string => (items?.pattern === undefined ? 'list of objects' : `list; each ${valueOf(items)}`);

const defaultOf = (value: Schema): string => (value.default === undefined ? '–' : `\`${JSON.stringify(value.default)}\``);
