import type { Case } from './case';
import type { Statement } from './statements';

/** What limits a statement that allows everybody to some accounts. */
const CALLERS = ['aws:principalaccount', 'aws:sourceaccount', 'kms:calleraccount'];

/** `AWS::AccountId` or the number, of a principal that says. */
const accountOf = (principal: string): string | undefined =>
  /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12}|<AWS::AccountId>)(?::|$)/.exec(principal)?.[1];

/** A resource's own account, in each way of writing it. */
export const ownAccount = ({ account }: Case): ReadonlyArray<string | undefined> => ['<AWS::AccountId>', account];

/** The principals whom a statement is about: for everybody, the accounts to which it is limited. */
export const callersOf = ({ principals, conditions }: Statement): string[] =>
  principals.flatMap((principal) =>
    principal === '*' ? ['*', ...conditions.filter(({ key }) => CALLERS.includes(key)).flatMap(({ values }) => values)] : [principal],
  );

/** The principals of other accounts whom a statement is about. */
export function strangersOf(resource: Case, statement: Statement): string[] {
  const own = ownAccount(resource);
  return callersOf(statement).filter((principal) => {
    const account = accountOf(principal);
    return account !== undefined && !own.includes(account);
  });
}
