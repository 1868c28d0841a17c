import { ConfigurationError } from './config/problem';
import { Fault, FaultWithOther } from './fault';
import { FAULTS } from './faults';
import { PLAN_FAULTS } from './plan/faults';
import { printable } from './printable';
import type { Terminal } from './terminal';

/** What S3 and DynamoDB answer where nothing was bootstrapped, whichever is asked first. */
const WITHOUT_BACKEND = ['NoSuchBucket', 'ResourceNotFoundException'];

/** What the constructs throw for bad input; jsii libraries export no error classes. */
const REFUSED_PROPS = 'InvalidPropsError';

export interface ReportOptions {
  readonly terminal: Terminal;
  /** Whether stdout gets the error too, as a JSON document. */
  readonly json: boolean;
  /** Name of the environment that the command was for: what the error says to run can be copied. */
  readonly environment?: string;
}

/** Say what went wrong; gives the exit code. A stack trace stands only in the report of a defect, and only when asked for. */
export function reportError(error: unknown, { terminal, json, environment = '<environment>' }: ReportOptions): number {
  const filled = (text: string) => text.replaceAll('<environment>', () => environment);
  const known = isKnown(error) ? error : unexpected(error);
  // What stands in a file, or in an answer, must not move the cursor of a terminal.
  terminal.err(filled(known.message).split('\n').map(printable).join('\n'));
  if (known !== error && process.env.DATAWORKS_DEBUG === '1') terminal.err(error instanceof Error ? String(error.stack) : String(error));
  if (json) terminal.out(filled(JSON.stringify({ error: documentOf(known) }, undefined, 2)));
  return known instanceof Fault ? known.exitCode : 1;
}

function isKnown(error: unknown): error is Error {
  return error instanceof Fault || error instanceof ConfigurationError || (error instanceof Error && error.name === REFUSED_PROPS);
}

function unexpected(error: unknown): Fault {
  const received = (error instanceof Error ? `${error.name}, ${error.message}` : String(error)).replace(/\.$/, '');
  const isWithoutBackend = error instanceof Error && WITHOUT_BACKEND.includes(error.name);
  return new Fault(isWithoutBackend ? PLAN_FAULTS.noBackend : FAULTS.unexpected, { received });
}

function documentOf(error: Error): object {
  if (error instanceof ConfigurationError) return { message: error.message, problems: error.problems };
  if (!(error instanceof Fault)) return { message: error.message };
  const { code, what, received, allowed, fix, message } = error;
  const other = error instanceof FaultWithOther && { other: documentOf(error.other) };
  return { code, message, what, received, allowed, fix, ...other };
}
