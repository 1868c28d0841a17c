import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';
import type { App } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** A piece of TypeScript that the documentation shows. jsii-rosetta compiles the same ones, in the same surroundings. */
export interface Example {
  /** Folder of the package. */
  readonly directory: string;
  /** File and line. */
  readonly where: string;
  readonly code: string;
  /** What surrounds it: the name of a file in `rosetta/`. */
  readonly fixture: string;
}

/** Every example of a package's README and of its docstrings. */
export function allExamples(directory: string): Example[] {
  const sources = readdirSync(join(directory, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return [...inMarkdown(directory, 'README.md'), ...sources.sort().flatMap((file) => inDocstrings(directory, join('src', file)))];
}

/** Fenced blocks; what surrounds them is named behind the language. */
function inMarkdown(directory: string, file: string): Example[] {
  const text = read(directory, file);
  return [...text.matchAll(/^```ts(.*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: metadata, 2: code }) => ({
    directory,
    where: `${file}:${lineAt(text, index)}`,
    code,
    fixture: fixtureIn(metadata),
  }));
}

/** `@example` up to the next tag; what surrounds it is named by `@exampleMetadata`. */
function inDocstrings(directory: string, file: string): Example[] {
  const text = read(directory, file);
  return [...text.matchAll(/^ *\/\*\*\n([\s\S]*?)^ *\*\/$/gm)].flatMap(({ index, 1: comment }) => {
    const tags = comment.replace(/^ *\* ?/gm, '').split(/^@(?=[a-z])/m);
    const code = tags.find((tag) => tag.startsWith('example\n'))?.replace('example\n', '');
    const metadata = tags.find((tag) => tag.startsWith('exampleMetadata ')) ?? '';
    return code === undefined ? [] : [{ directory, where: `${file}:${lineAt(text, index)}`, code, fixture: fixtureIn(metadata) }];
  });
}

const read = (directory: string, file: string): string => readFileSync(join(directory, file), 'utf8');
const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
const fixtureIn = (metadata: string): string => /\bfixture=(\S+)/.exec(metadata)?.[1] ?? 'default';

/** A stack, or a stage. */
type Surroundings = new (scope: App, id: string) => Construct;

/** Run an example, in its surroundings. */
export function addExample(app: App, id: string, { directory, where, code, fixture }: Example): void {
  const imports = /^import [^;]*;$/gm; // legal at the top of a file only
  const body = code.replace(imports, '');
  const surroundings = read(directory, `rosetta/${fixture}.ts-fixture`).replace('/// here', () => body);
  const source = [...(code.match(imports) ?? []), surroundings].join('\n');
  const javaScript = transformSync(source, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  const exported: { Example?: Surroundings } = {};
  const run = compileFunction(javaScript.code, ['require', 'exports'], { filename: where }) as (
    load: NodeJS.Require,
    exports: object,
  ) => void;
  run(require, exported);
  new exported.Example!(app, id);
}
