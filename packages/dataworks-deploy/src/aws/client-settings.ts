import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, MetadataBearer, Pluggable } from '@smithy/types';
import { faultOf } from './fault-of';

/** Credentials of a role: one session, or what renews it. */
export type Credentials = AwsCredentialIdentity | AwsCredentialIdentityProvider;

/**
 * For every client: its region, and limits that end a wait for a network that is not there: no connection, or none on which anything
 * moves. Both are shorter than a lease: whoever cannot ask whether it still has the lock has to end. (`requestTimeout` would only warn.)
 */
export function clientSettings(region: string) {
  return { region, requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 } };
}

/**
 * Errors that a user can put right become faults where they arise: also those of the credentials, which no call is spared.
 * All others stay as the service sent them: they are answers.
 */
export const raisesFaults: Pluggable<object, MetadataBearer> = {
  applyToStack: (stack) => {
    stack.add(
      (next, { clientName, commandName }) =>
        async (input) => {
          try {
            return await next(input);
          } catch (error) {
            throw faultOf(error, `${serviceOf(String(clientName))}:${String(commandName).replace(/Command$/, '')}`) ?? error;
          }
        },
      { name: 'raisesFaults', step: 'initialize' },
    );
  },
};

/** Prefix of the service's actions in policies. */
function serviceOf(clientName: string): string {
  return clientName.replace(/Client$/, '').toLowerCase();
}
