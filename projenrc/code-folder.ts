import { javascript } from 'projen';
import type { Monorepo } from './monorepo';

/** TypeScript in a folder of the root that is no package: checked, linted, and part of what the build remembers. */
export function addCodeFolder(repo: Monorepo, folder: string): void {
  repo.tsconfig!.file.addToArray('include', `${folder}/**/*.ts`);
  javascript.Eslint.of(repo)!.addLintPattern(folder);
  const turbo = repo.tryFindObjectFile('turbo.json')!;
  for (const task of ['typecheck', 'lint', 'unit']) turbo.addToArray(`tasks.//#${task}.inputs`, `${folder}/**`);
}
