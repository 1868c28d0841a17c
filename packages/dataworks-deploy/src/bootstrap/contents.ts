import type { BackendNames } from '@dataworks/backend-bootstrap';
import type { StoredVersion } from '../aws/s3';

/** What somebody may still need of a backend, by name: anything but plans, approvals, old versions and the fencing counter. */
export function inUse(names: BackendNames, versions: readonly StoredVersion[], lockIds: readonly string[]): string[] {
  const disposable = [`${names.stateKey}/plans/`, `${names.stateKey}/approvals/`];
  const objects = versions.filter(({ key, isCurrent }) => isCurrent && !disposable.some((prefix) => key.startsWith(prefix)));
  return [
    ...objects.map(({ key }) => `s3://${names.stateBucket}/${key}`),
    ...lockIds.filter((id) => id !== names.fenceId).map((id) => `item ${id} of table ${names.stateTable}`),
  ];
}
