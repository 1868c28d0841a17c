import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseConfiguration, type Configuration } from '../../../packages/dataworks-deploy/src';

const ROOT = resolve(__dirname, '../../..');

export function readRootFile(path: string): string {
  return readFileSync(resolve(ROOT, path), 'utf8');
}

/** The repository's own dataworks.json. */
export const OURS = parseConfiguration(readRootFile('packages/dataworks-app/dataworks.json'));

/** Environments of these names, in order; the last one is production. */
export function configurationOf(...names: string[]): Configuration {
  return parseConfiguration(
    JSON.stringify({
      project: { name: 'lake', owner: 'team' },
      slackChannel: 'lake-news',
      environments: names.map((name, index) => ({
        name,
        account: String(index + 1).repeat(12),
        region: 'eu-west-2',
        production: index === names.length - 1,
      })),
    }),
  );
}
