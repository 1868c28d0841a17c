import { SHAPES, type Deployed, type Environment } from './resource-shapes';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A synthesised CloudFormation template. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource | undefined>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string | number } | undefined>>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Turns CloudFormation's intrinsic functions into the strings that a deployment would put there.
 *
 * @returns a function that resolves any part of the template
 * @throws (the function) on an intrinsic, a reference or an attribute that it does not know
 */
export function resolver(template: Template, given: Environment): (value: unknown) => unknown {
  const environment: Required<Environment> = { partition: 'aws', values: {}, ...given };
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': environment.account,
    'AWS::Region': environment.region,
    'AWS::Partition': environment.partition,
    'AWS::URLSuffix': environment.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return (value as unknown[]).map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries.length === 1 ? (entries[0] as [string, unknown]) : ['', undefined];
    if (name === 'Ref') return reference(String(argument));
    if (name.startsWith('Fn::')) return intrinsic(name, argument);
    return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item)]));
  };

  const intrinsic = (name: string, argument: unknown): unknown => {
    switch (name) {
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = typeof argument === 'string' ? argument.split(/\.(.*)/s) : (argument as [string, string]);
        return attributeOf(logicalId, attribute);
      }
      case 'Fn::Join': {
        const [delimiter, parts] = argument as [string, unknown];
        return strings(resolve(parts), name).join(delimiter);
      }
      case 'Fn::Split': {
        const [delimiter, source] = argument as [string, unknown];
        return string(resolve(source), name).split(delimiter);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [string | number, unknown];
        return string(strings(resolve(list), name)[Number(index)], name);
      }
      case 'Fn::Sub': {
        const [text, variables] = typeof argument === 'string' ? [argument, {}] : (argument as [string, Json]);
        return substitute(text, variables);
      }
      default:
        throw new Error(`Unknown intrinsic ${name}.`);
    }
  };

  const substitute = (text: string, variables: Json): string =>
    text.replace(/\$\{(!?)([^}]*)\}/g, (whole, escaped: string, name: string) => {
      // `${!x}` is how a template writes the policy variable `${x}`.
      if (escaped) return whole.replace('!', '');
      if (name in variables) return string(resolve(variables[name]), whole);
      const [logicalId, attribute] = name.split(/\.(.*)/s);
      return attribute ? attributeOf(logicalId, attribute) : reference(name);
    });

  const reference = (name: string): string => {
    const parameter = template.Parameters?.[name];
    // The default of an SSM parameter is the name under which the value lies.
    const standard = parameter?.Type.startsWith('AWS::SSM::') ? undefined : parameter?.Default;
    const value = environment.values[name] ?? pseudo[name] ?? standard;
    if (value !== undefined) return String(value);
    const resource = deployed(name);
    const shape = SHAPES[resource.type];
    if (!shape) throw new Error(`Unknown Ref to ${name}, a ${resource.type}.`);
    return shape.ref(resource);
  };

  const attributeOf = (logicalId: string, attribute: string): string => {
    const value = environment.values[`${logicalId}.${attribute}`];
    if (value !== undefined) return value;
    const resource = deployed(logicalId);
    const derive = SHAPES[resource.type]?.attributes[attribute];
    if (!derive) throw new Error(`Unknown attribute ${attribute} of ${logicalId}, a ${resource.type}.`);
    return derive(resource);
  };

  /** Only what names are made of is resolved here: policies may refer to each other in a circle. */
  const deployed = (logicalId: string): Deployed & { readonly type: string } => {
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`Unknown reference ${logicalId}: neither a resource nor a parameter with a value.`);
    const names = Object.entries(resource.Properties ?? {}).filter(([key]) => /Name$|^(Path|Url)$/.test(key));
    return {
      logicalId,
      type: resource.Type,
      environment,
      properties: Object.fromEntries(names.map(([key, item]) => [key, resolve(item)])),
    };
  };

  return resolve;
}

function string(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new Error(`${where} needs a string, and has ${JSON.stringify(value)}.`);
  return value;
}

function strings(value: unknown, where: string): readonly string[] {
  if (!Array.isArray(value)) throw new Error(`${where} needs a list, and has ${JSON.stringify(value)}.`);
  return (value as unknown[]).map((item) => string(item, where));
}
