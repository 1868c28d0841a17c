import type { typescript } from 'projen';
import type { Monorepo } from './monorepo';

export interface DocumentedPackages {
  readonly constructs: typescript.TypeScriptProject;
  readonly bootstrap: typescript.TypeScriptProject;
  readonly deploy: typescript.TypeScriptProject;
}

/** Tables of the documentation that are written from the code's own data, and checks of its examples. */
export function addDocs(repo: Monorepo, { constructs, bootstrap, deploy }: DocumentedPackages): void {
  constructs.tasks.tryFind('document')!.exec('tsx ../../projenrc/tasks/docs/constructs.ts');
  bootstrap.tasks.tryFind('document')!.exec('tsx ../../projenrc/tasks/docs/backend.ts');
  deploy.addTask('document', {
    description: 'Write the reference of dataworks.json into the README',
    exec: 'tsx ../../projenrc/tasks/docs/configuration.ts',
  });
  repo.addTask('lint:templates', {
    description: "Synthesise every example of the docs with CDK's template validator, and check the templates with cfn-lint",
    exec: 'tsx projenrc/tasks/docs/lint-templates.ts',
  });
}
