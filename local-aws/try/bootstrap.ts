import { join } from 'node:path';
import { COMPILED, CONFIGURATION, dataworks, load } from './dataworks';
import type { SynthesizedStack, Template } from './template';

/** Run `dataworks bootstrap`. Gives whether it had anything to do. */
export async function bootstrap(environment: string, progress: (line: string) => void): Promise<boolean> {
  const result = await dataworks(['bootstrap', environment], { options: ['--yes', '--json'], progress });
  return (JSON.parse(result) as { changed: boolean }).changed;
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
