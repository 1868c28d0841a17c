import { addCodeFolder } from './code-folder';
import type { Monorepo } from './monorepo';
import { COMPILED } from './turbo';

/** Benchmarks compare whole processes on one machine; they are never part of the tests. */
export function addBenchmarks(repo: Monorepo): void {
  addCodeFolder(repo, 'bench');
  repo.addTask('bench', {
    description:
      'What the lake and the command cost beside what is used instead (--only <text>, --write: the document, --check: the budgets)',
    steps: [{ exec: COMPILED }, { exec: 'tsx bench/main.ts', receiveArgs: true }],
  });
}
