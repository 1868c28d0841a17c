import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOOTSTRAP_QUALIFIER_CONTEXT } from 'aws-cdk-lib/core';
import { contextOf } from '../../../src/plan/assembly/cdk-json';
import { synthesiseApp } from '../../../src/plan/assembly/synthesise';
import type { JsonObject } from '../../../src/plan/template/stack-template';

/** Leaves the context that it was given in the place of an assembly. */
const APP = `
const { CDK_OUTDIR, CDK_CONTEXT_JSON, CONTEXT_OVERFLOW_LOCATION_ENV: file } = process.env;
const fs = require('node:fs');
const context = { ...JSON.parse(CDK_CONTEXT_JSON), ...(file && JSON.parse(fs.readFileSync(file, 'utf8'))) };
fs.writeFileSync(CDK_OUTDIR + '/manifest.json', JSON.stringify(context));
`;

const folder = mkdtempSync(join(tmpdir(), 'dataworks-synthesis-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What an application gets, of which cdk.json says this. */
async function contextWith(inFile: JsonObject): Promise<unknown> {
  const scratch = mkdtempSync(join(folder, 'scratch-'));
  writeFileSync(join(folder, 'app.js'), APP);
  const assembly = await synthesiseApp({
    app: { folder, app: 'node app.js', context: contextOf({ context: inFile }, {}) },
    scratch,
    place: { account: '111122223333', region: 'eu-central-1' },
    environment: 'dev',
    qualifier: 'lake',
    progress: () => {},
    signal: new AbortController().signal,
  });
  return JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'));
}

test.each([
  ['few', 'x'],
  ['more than an environment variable takes', 'x'.repeat(200_000)],
])('an application is told the environment, in the place of what cdk.json says, in a context of %s bytes', async (_size, filling) => {
  const context = { 'dataworks:environment': 'prod', filling };
  const told = { 'dataworks:environment': 'dev', [BOOTSTRAP_QUALIFIER_CONTEXT]: 'lake' };
  expect(await contextWith(context)).toEqual({ ...contextOf({ context }, {}), ...told });
});

test('an application is told the qualifier of the CDK bootstrap, unless its cdk.json says one', async () => {
  expect(await contextWith({})).toMatchObject({ [BOOTSTRAP_QUALIFIER_CONTEXT]: 'lake' });
  expect(await contextWith({ [BOOTSTRAP_QUALIFIER_CONTEXT]: 'own' })).toMatchObject({ [BOOTSTRAP_QUALIFIER_CONTEXT]: 'own' });
});
