import { RECORD_FAULTS } from './faults';
import { RECORD_FORMAT, type DeploymentRecord } from './record';
import schema from '../../schema/record.schema.json';
import { Fault } from '../fault';
import { parseJson } from '../json';
import { validatorOf } from '../json-schema';

const validator = validatorOf<DeploymentRecord>(schema, { allErrors: true });

/** As many problems as a person reads. */
const SHOWN = 5;

/** A record from its text; `key` stands in the error. Throws DW3101, DW3102. */
export function parseRecord(text: string, key: string): DeploymentRecord {
  const value = jsonOf(text, key);
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (Number.isInteger(version) && Number(version) > RECORD_FORMAT) {
    throw new Fault(RECORD_FAULTS.newer, { received: `${key}, format version ${Number(version)}` });
  }
  const validate = validator();
  if (validate(value)) return value;
  const problems = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  const shown = problems.slice(0, SHOWN).join('; ');
  throw new Fault(RECORD_FAULTS.malformed, {
    received: `${key}: ${shown}${problems.length > SHOWN ? ` and ${problems.length - SHOWN} more` : ''}`,
  });
}

export function textOf(record: DeploymentRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function jsonOf(text: string, key: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new Fault(RECORD_FAULTS.malformed, { received: `${key}: not JSON, or nested too deep` });
  }
}
