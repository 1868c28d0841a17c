/** Plans without AWS: assemblies as files, and deployed stacks as data. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StackState } from '../../src/aws/stack-reader';
import { Fault } from '../../src/fault';
import { FAULTS } from '../../src/faults';
import { sha256 } from '../../src/plan/digest';
import type { LookupIn } from '../../src/plan/lookup';
import { makePlan, type Draft, type PlanInputs } from '../../src/plan/make-plan';

export const TARGET = { name: 'dev', account: '111122223333', region: 'eu-central-1' };
/** Where the CDK publishes assets. */
export const BUCKET = `cdk-dataworks-assets-${TARGET.account}-${TARGET.region}`;
const HERE = `aws://${TARGET.account}/${TARGET.region}`;

export interface StackSource {
  readonly template: object;
  readonly dependencies?: readonly string[];
  /** Further properties of its artifact. */
  readonly properties?: object;
  /** Entries of its asset manifest. */
  readonly files?: object;
  readonly images?: object;
  readonly environment?: string;
}

/** A cloud assembly in a folder of its own; further files by path. */
export function assemblyWith(
  stacks: Readonly<Record<string, StackSource>>,
  files: Readonly<Record<string, string>> = {},
  more: object = {},
): string {
  const root = mkdtempSync(join(tmpdir(), 'dataworks-assembly-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const artifacts: Record<string, object> = {};
  for (const [id, stack] of Object.entries(stacks)) {
    const text = JSON.stringify(stack.template, undefined, 1);
    const hash = sha256(text);
    const destinations = { here: { bucketName: BUCKET, objectKey: `${hash}.json`, region: TARGET.region } };
    write(`${id}.template.json`, text);
    const manifest = {
      version: '36.0.0',
      files: { [hash]: { source: { path: `${id}.template.json`, packaging: 'file' }, destinations }, ...stack.files },
      dockerImages: stack.images ?? {},
    };
    write(`${id}.assets.json`, JSON.stringify(manifest));
    artifacts[`${id}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${id}.assets.json` } };
    artifacts[id] = {
      type: 'aws:cloudformation:stack',
      environment: stack.environment ?? HERE,
      properties: { templateFile: `${id}.template.json`, stackTemplateAssetObjectUrl: `s3://${BUCKET}/${hash}.json`, ...stack.properties },
      dependencies: [`${id}.assets`, ...(stack.dependencies ?? [])],
    };
  }
  write('manifest.json', JSON.stringify({ version: '36.0.0', artifacts, ...more }));
  for (const [path, text] of Object.entries(files)) write(path, text);
  return root;
}

export interface DeployedSource extends Partial<StackState> {
  readonly template: object | string;
  /** Ids of nested stacks, by logical id. */
  readonly nested?: Readonly<Record<string, string>>;
}

/**
 * What is deployed, by name or id; and the parameter store.
 *
 * @param denied names of parameters that may not be read
 */
export function deployedWith(
  stacks: Readonly<Record<string, DeployedSource | undefined>>,
  values: Readonly<Record<string, string>> = {},
  denied: readonly string[] = [],
): LookupIn {
  const lookup = {
    stacks: {
      state: (name: string) => Promise.resolve(stateOf(name, stacks[name])),
      template: (name: string) => {
        const template = stacks[name]?.template;
        return Promise.resolve(typeof template === 'object' ? JSON.stringify(template) : template);
      },
      nestedStacks: (name: string) => {
        const id = Object.keys(stacks).find((one) => `id of ${one}` === name || one === name)!;
        return Promise.resolve(stacks[id]?.nested ?? {});
      },
    },
    parameters: {
      values: (names: readonly string[]) =>
        names.some((name) => denied.includes(name))
          ? Promise.reject(new Fault(FAULTS.missingPermission, { received: 'ssm:GetParameters' }))
          : Promise.resolve(values),
    },
  };
  return () => Promise.resolve(lookup);
}

function stateOf(name: string, source: DeployedSource | undefined): StackState | undefined {
  if (!source) return undefined;
  const state = Object.fromEntries(Object.entries(source).filter(([key]) => key !== 'template' && key !== 'nested'));
  return {
    id: `id of ${name}`,
    status: 'UPDATE_COMPLETE',
    lastUpdated: '2026-01-01T00:00:00.000Z',
    parameters: {},
    resolved: {},
    tags: {},
    terminationProtection: false,
    outputs: [],
    exports: [],
    ...state,
  };
}

export function draftOf(assembly: string, lookupIn: LookupIn, more: Partial<PlanInputs> = {}): Promise<Draft> {
  return makePlan({
    target: TARGET,
    assembly,
    commit: 'a'.repeat(40),
    dirty: false,
    tools: { dataworks: '1' },
    recorded: [],
    lookupIn,
    progress: () => {},
    ...more,
  });
}
