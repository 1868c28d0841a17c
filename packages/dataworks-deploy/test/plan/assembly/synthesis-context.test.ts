import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contextOf } from '../../../src/plan/assembly/cdk-json';
import { synthesiseApp } from '../../../src/plan/assembly/synthesise';

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

test.each([
  ['few', 'x'],
  ['more than an environment variable takes', 'x'.repeat(200_000)],
])('an application is told the environment, in the place of what cdk.json says, in a context of %s bytes', async (_size, filling) => {
  const scratch = mkdtempSync(join(folder, 'scratch-'));
  writeFileSync(join(folder, 'app.js'), APP);
  const context = contextOf({ context: { 'dataworks:environment': 'prod', filling } }, {});
  const assembly = await synthesiseApp({
    app: { folder, app: 'node app.js', context },
    scratch,
    place: { account: '111122223333', region: 'eu-central-1' },
    environment: 'dev',
    progress: () => {},
    signal: new AbortController().signal,
  });
  expect(JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'))).toEqual({ ...context, 'dataworks:environment': 'dev' });
});
