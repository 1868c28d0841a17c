import type { ErrorObject } from 'ajv';
import { PLAN_FAULTS } from './faults';
import { FORMAT_VERSION, type Plan } from './plan';
import schema from '../../schema/plan.schema.json';
import { Fault } from '../fault';
import { parseJson } from '../json';
import { validatorOf } from '../json-schema';

/** Enough to see what is wrong with a file that nobody wrote by hand. */
const SHOWN_MISTAKES = 5;

/** The bytes of a JSON document of a bundle: there is one way only. */
export function serialise(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The bytes that the digest is made of: plan.json without the digest itself. */
export function undigested(plan: Omit<Plan, 'digest'>): Buffer {
  return Buffer.from(serialise(Object.fromEntries(Object.entries(plan).filter(([key]) => key !== 'digest'))));
}

const validator = validatorOf<Plan>(schema, { allErrors: true });

/** Read plan.json. Throws DW3204 for what is no JSON, DW3205 for another format, DW3206 for anything that a plan does not look like. */
export function parsePlan(bytes: Uint8Array): Plan {
  const text = decoded(bytes);
  const value = parsed(text);
  const version = typeof value === 'object' && value !== null && 'formatVersion' in value ? value.formatVersion : undefined;
  if (version !== FORMAT_VERSION) {
    throw new Fault(PLAN_FAULTS.unknownFormat, {
      received: `formatVersion ${shown(version)}`,
      allowed: `formatVersion ${FORMAT_VERSION}`,
    });
  }
  const validate = validator();
  if (!validate(value)) throw malformed((validate.errors ?? []).map(mistake));
  // Keys that stand twice, numbers in another notation: what one reader sees, another might not.
  if (serialise(value) !== text) throw malformed(['it is not written as dataworks plan writes it']);
  return value;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault(PLAN_FAULTS.planNotJson, { received: 'bytes that are no UTF-8' });
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new Fault(PLAN_FAULTS.planNotJson, { received: (error as Error).message.replace(/\s+/g, ' ') });
  }
}

function malformed(mistakes: readonly string[]): Fault {
  const more = mistakes.length - SHOWN_MISTAKES;
  const listed = mistakes.slice(0, SHOWN_MISTAKES).join('; ');
  return new Fault(PLAN_FAULTS.malformedPlan, { received: more > 0 ? `${listed}; and ${more} more` : listed });
}

function mistake({ instancePath, message, params }: ErrorObject): string {
  const property = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
  return `${instancePath || '/'} ${message}${property}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40);
}
