import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runLines } from './run-lines';
import type { SynthesizedStack, Template } from './template';

const ROOT = join(__dirname, '../..');
const COMPILED = join(ROOT, 'packages/dataworks-deploy/lib');
const CONFIGURATION = join(ROOT, 'packages/dataworks-app/dataworks.json');

/** Loads what may not be compiled yet when this file is loaded. */
const load = createRequire(__filename);

/** Run `dataworks bootstrap` as its users do. Gives whether it had anything to do; throws DW6204 when it fails. */
export async function bootstrap(environment: string, onLine: (line: string) => void): Promise<boolean> {
  const result: string[] = [];
  const args = ['bootstrap', environment, '--yes', '--json', '--config', CONFIGURATION];
  const { status } = await runLines(process.execPath, [join(COMPILED, 'cli.js'), ...args], {
    cwd: ROOT,
    env: {},
    onLine: (line, stream) => {
      if (stream === 'stdout') result.push(line);
      else onLine(line);
    },
  });
  if (status !== 0) {
    throw new Error(
      `DW6204 dataworks bootstrap ${environment}: ended with ${status}. What it said stands above.\n  Fix: npx projen local:reset, then try again`,
    );
  }
  return (JSON.parse(result.join('\n')) as { changed: boolean }).changed;
}

/** The stacks that it deploys, as they are synthesised. */
export function bootstrapStacks(environment: string): SynthesizedStack[] {
  const { targetOf } = load(join(COMPILED, 'config/target')) as typeof import('../../packages/dataworks-deploy/src/config/target');
  const { synthesise } = load(
    join(COMPILED, 'bootstrap/synthesis'),
  ) as typeof import('../../packages/dataworks-deploy/src/bootstrap/synthesis');
  const target = targetOf(environment, CONFIGURATION);
  const { account, region } = target.environment;
  const { backend, toolkit } = synthesise(target, { existingProvider: false });
  return [backend, toolkit].map(({ name, tags, body }) => ({
    name,
    account,
    region,
    terminationProtection: true,
    tags,
    template: JSON.parse(body) as Template,
  }));
}
