import { table } from './markdown';
import { BackendNames } from '../../../packages/backend-bootstrap/src/backend-names';
import { boundaryDocument } from '../../../packages/backend-bootstrap/src/private/boundary-document';
import { EXECUTION_WILDCARDS, wildcardsOf } from '../../../packages/backend-bootstrap/src/private/deployment-decisions';
import { executionDocument } from '../../../packages/backend-bootstrap/src/private/execution-document';
import { serviceControlDocument } from '../../../packages/backend-bootstrap/src/private/service-control-document';
import { SERVICE_FAMILIES } from '../../../packages/backend-bootstrap/src/private/service-families';
import { DIFFERENCES } from '../../../packages/backend-bootstrap/src/private/toolkit-differences';
import { toolkitRoles } from '../../../packages/backend-bootstrap/src/private/toolkit-documents';

/** The environment of the documentation's examples. */
const NAMES = new BackendNames({ project: 'sales', environment: 'dev', account: '111122223333', region: 'eu-west-1' });

const codes = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');

/** In what the bootstrap is not the stock one. */
export function differenceTable(): string {
  return table(
    ['where', 'without', 'instead', 'because'],
    Object.values(DIFFERENCES)
      .flat()
      .map(({ where, without, instead, reason }) => [where, codes(without), instead, reason]),
  );
}

/** What the execution policy allows. */
export function familyTable(): string {
  return table(
    ['family', 'actions', 'passes roles to', 'for'],
    SERVICE_FAMILIES.map(({ family, actions, passedTo = [], reason }) => [family, codes(actions), codes(passedTo), reason]),
  );
}

/** What the boundary denies. */
export function boundaryTable(): string {
  const listed = (except: string, value: string | readonly string[] = []): string => `${except}${codes([value].flat())}`;
  return table(
    ['statement', 'denied', 'on', 'unless'],
    boundaryDocument(NAMES)
      .Statement.filter(({ Effect }) => Effect === 'Deny')
      .map(({ Sid, Action, NotAction, Resource, NotResource, Condition = {} }) => [
        Sid,
        NotAction ? listed('all but ', NotAction) : listed('', Action),
        NotResource ? listed('all but ', NotResource) : listed('', Resource),
        Object.entries(Condition)
          .flatMap(([operator, keys]) => Object.entries(keys).map(([key, value]) => `${operator} ${listed(`\`${key}\` `, value)}`))
          .join('; '),
      ]),
  );
}

/** The wildcards that cdk-nag reports, and why they are meant. */
export function wildcardTable(): string {
  const found = (document: Parameters<typeof wildcardsOf>[0]): string =>
    codes(wildcardsOf(document).map((id) => id.replace(/^AwsSolutions-IAM5\[(.*)\]$/, '$1')));
  return table(
    ['policy', 'findings', 'because'],
    [
      [NAMES.executionPolicy, found(executionDocument(NAMES, SERVICE_FAMILIES)), EXECUTION_WILDCARDS],
      ...toolkitRoles(NAMES).map(({ roleName, policy, wildcards }) => [roleName, found(policy), wildcards]),
    ],
  );
}

/** The service control policy of the examples' project, to be read before one's own is made. */
export function serviceControlPolicy(): string {
  const policy = serviceControlDocument({ project: NAMES.project, administrators: ['arn:*:iam::*:role/platform-admin'] });
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}
