import { Fault } from '../../fault';
import { parseJson } from '../../json';
import { PLAN_FAULTS } from '../faults';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** A CloudFormation template, as far as a plan looks into it. */
export interface StackTemplate {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Transform?: Json;
  readonly [section: string]: unknown;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly NoEcho?: boolean | string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: JsonObject;
}

export interface TemplateOutput {
  readonly Value?: Json;
  readonly Export?: { readonly Name: Json };
}

/** Read a template of an assembly. Throws DW3222. */
export function parseTemplate(text: Uint8Array | string, file: string): StackTemplate {
  const value = parsed(text.toString());
  if (!isObject(value)) throw new Fault(PLAN_FAULTS.badAssembly, { received: `${file}, which is no template in JSON, or nested too deep` });
  const { Resources = {} } = value;
  if (!isObject(Resources) || !Object.values(Resources).every((resource) => isObject(resource) || Array.isArray(resource))) {
    throw new Fault(PLAN_FAULTS.badAssembly, { received: `${file}, which has no resources` });
  }
  return { ...value, Resources: Resources as unknown as StackTemplate['Resources'] };
}

/** A member that may be missing. */
export function memberOf<T>(value: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** CloudFormation reads its value from the parameter store, when it makes a change set. */
export function isStored({ Type }: TemplateParameter): boolean {
  return /^AWS::SSM::Parameter::Value<.*>$/.test(Type);
}

/** Whether it has NoEcho: CloudFormation never tells its value. */
export function isSecret({ NoEcho }: { readonly NoEcho?: unknown }): boolean {
  return NoEcho === true || NoEcho === 'true';
}
