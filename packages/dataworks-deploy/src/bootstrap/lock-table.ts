import type { Table } from '../aws/dynamodb';

/** As Terraform wants it. */
export const EXPECTED_KEY = 'LockID:S';

export function isFit({ key }: Table): boolean {
  return key.length === 1 && key[0] === EXPECTED_KEY;
}
