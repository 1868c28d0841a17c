import type { JsonObject } from '../json';

/** What a reader is told about a resource. */
export interface DeployedResource {
  readonly physicalId: string;
  /** Properties of the template, resolved; for the ids by which the service knows a resource without an API of its own. */
  readonly properties: JsonObject;
}

/** Reads a resource back by its service's own API. */
export interface Reader {
  /** Properties that no API of the service answers, each with the reason. CloudFormation calls them write-only. */
  readonly writeOnly?: Readonly<Record<string, string>>;

  /** Properties by which the service is asked and that it does not answer: comparing them would prove nothing. */
  readonly identifying?: readonly string[];

  /**
   * What the service has, in the form of CloudFormation's properties.
   *
   * Without the service's defaults: the answer to "what would a template have to say to get this?".
   */
  read(resource: DeployedResource): Promise<JsonObject>;
}

/** The answer of a call, or undefined when the service says that there is none. */
export async function ifAny<T>(call: Promise<T>, ...absent: string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && absent.includes(error.name)) return undefined;
    throw error;
  }
}
