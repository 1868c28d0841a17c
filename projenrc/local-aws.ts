import type { Monorepo } from './monorepo';
import { VERSIONS } from './versions';

/** The embedded local AWS: the tasks that drive it, and the SDK clients that read back what was deployed. */
export function addEmbeddedAws(repo: Monorepo): void {
  const { awsSdk } = VERSIONS;
  repo.addDevDeps(
    `@aws-sdk/client-s3@${awsSdk.s3}`,
    `@aws-sdk/client-kms@${awsSdk.kms}`,
    `@aws-sdk/client-ssm@${awsSdk.ssm}`,
    `@aws-sdk/client-cloudformation@${awsSdk.cloudformation}`,
    `@aws-sdk/client-sts@${awsSdk.sts}`,
  );
  repo.gitignore.exclude('/local-aws/.home/', '__pycache__/', '.pytest_cache/', '.ruff_cache/', '.mypy_cache/');
}
