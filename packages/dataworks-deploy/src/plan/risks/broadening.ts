import { ACCESS, BOUNDS, DOCUMENTS, GRANTS, OPEN_WITHOUT_POLICY } from './access-risks';
import { reasonsOf } from './known-risks';
import { isComputed, NEW } from './worse';
import { isCovered, statementsOf, type Statement } from '../template/policy-statements';
import { isObject, type Json, type JsonObject, type TemplateResource } from '../template/stack-template';

type Properties = JsonObject;

/**
 * Why a change may allow somebody more than before; undefined when it provably does not. A policy is narrower when each of its
 * permissions is covered by one that was there, and each prohibition that was there by one that stays.
 */
export function broadeningOf(type: string, before: TemplateResource | undefined, after: TemplateResource | undefined): string | undefined {
  const [old, next] = [before?.Type === type ? (before.Properties ?? {}) : undefined, after?.Properties];
  const reasons = [
    grantReason(type, before, after),
    ...policyReasons(type, old, after && (next ?? {})),
    ...(after ? reasonsOf(ACCESS, type, old ?? NEW, next ?? {}) : []),
  ];
  const found = [...new Set(reasons.filter((reason) => reason !== undefined))];
  return found.length > 0 ? found.join('; ') : undefined;
}

function grantReason(type: string, before: TemplateResource | undefined, after: TemplateResource | undefined): string | undefined {
  if (!after) return BOUNDS[type];
  return before && same(before.Properties, after.Properties) ? undefined : GRANTS[type];
}

type Documents = Map<string, readonly Json[]>;

/** Policy documents by their place; what holds one may hold several, and several may have one place: nothing forbids a name twice. */
function documentsIn(value: Json | undefined, path: string, found: Documents = new Map()): Documents {
  if (Array.isArray(value)) {
    (value as readonly Json[]).forEach((member, index) => documentsIn(member, `${path}/${nameOf(member) ?? index}`, found));
  } else if (isObject(value)) {
    if ('Statement' in value) add(found, path, value);
    else for (const [key, member] of Object.entries(value)) documentsAt(key, member, `${path}/${key}`, found);
  }
  return found;
}

function documentsOf(type: string, properties: Properties | undefined): Documents {
  const found = documentsIn(properties, '');
  const name = DOCUMENTS[type] ?? '';
  if (properties && name in properties && !found.has(`/${name}`)) add(found, `/${name}`, properties[name]);
  return found;
}

/** A document in JSON, or one that a function makes, is known by its property's name alone. */
function documentsAt(key: string, value: Json, path: string, found: Documents): void {
  const isNamed = /(Policy|PolicyDocument|PolicyText|Policies)$/.test(key) && !/(Lifecycle|Deletion|Update|Retention|Scaling)/.test(key);
  const isOpaque = typeof value === 'string' ? /^\s*[{[]/.test(value) : isComputed(value);
  if (isNamed && isOpaque) add(found, path, value);
  else documentsIn(value, path, found);
}

function add(found: Documents, path: string, document: Json): void {
  found.set(path, [...(found.get(path) ?? []), document]);
}

/** Inline policies are told apart by their names: their order means nothing. */
function nameOf(value: Json): string | undefined {
  return isObject(value) && typeof value.PolicyName === 'string' ? value.PolicyName : undefined;
}

function policyReasons(type: string, before: Properties | undefined, after: Properties | undefined): string[] {
  const [old, next] = [before, after].map((properties) => documentsOf(type, properties));
  const open = OPEN_WITHOUT_POLICY[type];
  if (open !== undefined && after && !(open in after) && (!before || open in before)) {
    return ['allows everything: it has no policy'];
  }
  // Without the resource itself, what its policy denied is denied to nobody; what it protected has gone only if the policy is part of it.
  const reasons = [...new Set([...old.keys(), ...next.keys()])].map((path) =>
    policyReason(path, old.get(path) ?? [], next.get(path) ?? [], Boolean(after)),
  );
  return reasons.filter((reason) => reason !== undefined);
}

function policyReason(path: string, before: readonly Json[], after: readonly Json[], stays: boolean): string | undefined {
  if (same(before, after)) return undefined;
  const where = path.split('/').slice(1).join('.');
  const [old, next] = [before, after].map(statementsAt);
  if (!old || !next) return after.length === 0 && !stays ? undefined : `${where} cannot be compared`;
  const allowed = next.filter((one) => !isDenial(one) && !isCovered(one, old));
  if (allowed.length > 0) return `${where} allows ${described(allowed)}`;
  const released = old.filter((one) => isDenial(one) && !isCovered(one, next));
  return released.length > 0 ? `${where} no longer denies ${described(released)}` : undefined;
}

/** Of several documents of one name, nobody knows which one holds. */
function statementsAt(documents: readonly Json[]): readonly Statement[] | undefined {
  if (documents.length > 1) return undefined;
  return documents.length === 0 ? [] : statementsOf(documents[0]);
}

function isDenial({ effect }: Statement): boolean {
  return effect === 'Deny';
}

const SHOWN = 4;

function described(statements: readonly Statement[]): string {
  const actions = [...new Set(statements.flatMap((one) => one.actions ?? ['all but some actions']))].sort();
  const principals = [...new Set(statements.flatMap((one) => one.principals ?? []))].map(shortened).sort();
  const whom = principals.length > 0 ? ` for ${listed(principals)}` : '';
  return `${listed(actions)}${whom}`;
}

function shortened(principal: string): string {
  const name = principal.slice(principal.indexOf(':') + 1);
  return name === '*' ? 'everybody' : name.startsWith('{') ? 'a principal of the template' : name;
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

function same(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
