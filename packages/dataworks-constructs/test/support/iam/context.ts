import { conditionKey } from './condition-keys';

/** Condition keys and their values in one request; a key that is absent is not in the request. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

/** The same, looked up by key in any case. */
export class Context {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /** @throws when a key is unknown, or a single-valued key has a list of values */
  public constructor(values: ContextValues) {
    this.#values = new Map(
      Object.entries(values).map(([name, value]) => {
        if (conditionKey(name).multivalued !== (typeof value !== 'string')) {
          throw new Error(`The request's ${name} has the wrong shape: a list for a multivalued key, else a string.`);
        }
        return [name.toLowerCase(), typeof value === 'string' ? [value] : value];
      }),
    );
  }

  /** The values of a key, or undefined when the request does not have it. */
  public get(name: string): readonly string[] | undefined {
    return this.#values.get(name.toLowerCase());
  }
}
