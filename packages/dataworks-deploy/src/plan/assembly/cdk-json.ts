import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../../fault';
import { PLAN_FAULTS } from '../faults';
import { isObject, type Json, type JsonObject } from '../template/stack-template';

/** A CDK application: where it is, and how it is synthesised. */
export interface CdkApp {
  readonly folder: string;
  readonly app: string;
  /** Command to be run before. */
  readonly build?: string;
  /** What the application gets as context. */
  readonly context: JsonObject;
}

/** The application beside dataworks.json or, when there is none, that of the working directory. Throws DW3220. */
export function findApp(configuration: string, workingDirectory: string): CdkApp {
  const folders = [...new Set([dirname(resolve(configuration)), resolve(workingDirectory)])];
  const folder = folders.find((one) => existsSync(join(one, 'cdk.json')));
  if (folder === undefined) throw new Fault(PLAN_FAULTS.noApp, { received: `no cdk.json in ${folders.join(' and ')}` });
  const settings = read(join(folder, 'cdk.json'));
  const { app, build } = settings;
  if (typeof app !== 'string' || app === '') {
    throw new Fault(PLAN_FAULTS.noApp, { received: `${join(folder, 'cdk.json')} without \`app\`` });
  }
  const looked = existsSync(join(folder, 'cdk.context.json')) ? read(join(folder, 'cdk.context.json')) : {};
  return { folder, app, ...(typeof build === 'string' && { build }), context: contextOf(settings, looked) };
}

/**
 * The context that the CDK's command line would give: what was looked up, what cdk.json says, and what follows from its settings.
 * Settings of the user's home are left out: a plan is the same whoever makes it.
 */
export function contextOf(settings: JsonObject, looked: JsonObject): JsonObject {
  const isOn = (setting: string): boolean => (settings[setting] as Json | undefined) !== false;
  return {
    ...looked,
    ...(isObject(settings.context) ? settings.context : {}),
    ...(isOn('pathMetadata') && { 'aws:cdk:enable-path-metadata': true }),
    ...(isOn('assetMetadata') && { 'aws:cdk:enable-asset-metadata': true }),
    ...(isOn('versionReporting') ? { 'aws:cdk:version-reporting': true } : { 'aws:cdk:disable-version-reporting': true }),
    'aws:cdk:bundling-stacks': ['**'],
  };
}

function read(file: string): JsonObject {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Json;
    if (isObject(value)) return value;
    throw new Error('it is no object');
  } catch (error) {
    throw new Fault(PLAN_FAULTS.noApp, { received: `${file}: ${(error as Error).message.replace(/\s+/g, ' ')}` });
  }
}
