/**
 * Writes API.md of the package in the working directory.
 *
 * The jsii-docgen command looks for assemblies below the working directory only, so it cannot see
 * dependencies that npm hoisted to the root (cdklabs/jsii-docgen#1031); its API can be told where.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Documentation, Language } from 'jsii-docgen';

async function main(): Promise<void> {
  const docs = await Documentation.forProject('.', { assembliesDir: resolve(__dirname, '../..') });
  const markdown = await docs.toMarkdown({ language: Language.TYPESCRIPT, allSubmodules: true });
  writeFileSync('API.md', markdown.render());
}

void main();
