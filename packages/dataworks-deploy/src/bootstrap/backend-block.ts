import type { BackendNames } from '@dataworks/backend-bootstrap';

/**
 * The backend of Terraform or OpenTofu. Its key is that of our own lock, so that a Terraform run and an apply of ours wait for each other.
 * Both write the lock as an object; a client that knows only the table takes the commented line instead.
 */
export function backendBlock({ stateBucket, stateTable, stateKey, region, account }: BackendNames): string {
  return `terraform {
  backend "s3" {
    bucket              = "${stateBucket}"
    key                 = "${stateKey}"
    region              = "${region}"
    encrypt             = true
    use_lockfile        = true
    allowed_account_ids = ["${account}"]
    # Before Terraform 1.10, instead of use_lockfile:
    # dynamodb_table    = "${stateTable}"
  }
}
`;
}
