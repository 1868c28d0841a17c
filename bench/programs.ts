import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';

export const ROOT = resolve(__dirname, '..');

/** Inside `node_modules`, so that the programs find the packages; no tool looks there. */
export const COMPILED = join(ROOT, 'node_modules/.cache/bench');

/** The private application of this repository, compiled. */
export const APP = join(COMPILED, 'dataworks-app');

/** Compile the programs and the application, so that no measured process compiles anything. */
export function compile(): void {
  compileFolder(join(__dirname, 'programs'), COMPILED);
  compileFolder(join(ROOT, 'packages/dataworks-app/src'), APP);
}

function compileFolder(from: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(from)) {
    const { code } = transformFileSync(join(from, file), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(into, file.replace(/ts$/, 'js')), code);
  }
}
