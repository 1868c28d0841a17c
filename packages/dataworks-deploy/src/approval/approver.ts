import { UNKNOWN } from './approval';

/** Begins the name of whoever pressed in CircleCI. */
export const PRESSED = 'circleci:';

/** Begins the name of a person of IAM Identity Center. */
export const PERSON = 'identity-center:';

/** Whose session name IAM Identity Center chooses; in every other role the caller does. */
const IDENTITY_CENTER = /^AWSReservedSSO_/;

/**
 * Who counts as the one who approved.
 *
 * A role is one approver, whoever assumed it: its sessions are named by whoever assumes it, so that one person could be many.
 * Only the sessions of IAM Identity Center are people, each by the name of the user, whatever permission set that one has chosen. The deployer is nobody: the pipeline writes in its name, for whoever pressed.
 *
 * @param caller ARN according to STS
 * @param pressed who pressed, according to CircleCI; undefined when that is not known, or not asked
 * @param deployer name of the environment's deployer role
 */
export function approverOf(caller: string, pressed: string | undefined, deployer: string): string {
  if (pressed !== undefined) return `${PRESSED}${pressed}`;
  const [, , service, , , resource = ''] = caller.split(':');
  const [kind, role = '', session = ''] = resource.split('/');
  if (service !== 'sts' || kind !== 'assumed-role') return caller;
  if (role === deployer) return UNKNOWN;
  const { 4: account } = caller.split(':');
  const [, partition] = caller.split(':');
  return IDENTITY_CENTER.test(role) ? `${PERSON}${session}` : `arn:${partition}:iam::${account}:role/${role}`;
}
