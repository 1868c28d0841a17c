import { readFileSync } from 'node:fs';

/** What the documentation needs of a jsii assembly. */
export interface Assembly {
  readonly name: string;
  readonly types: Readonly<Record<string, AssemblyType>>;
}

export interface AssemblyType {
  readonly name: string;
  readonly docs?: Docs;
  readonly properties?: readonly Member[];
  readonly methods?: readonly Member[];
  /** Of an enum. */
  readonly members?: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly docs?: Docs;
}

export interface Docs {
  /** The first sentence. */
  readonly summary?: string;
}

/** The assembly of the package in the working directory, as its last compilation left it. */
export function readAssembly(): Assembly {
  return JSON.parse(readFileSync('.jsii', 'utf8')) as Assembly;
}
