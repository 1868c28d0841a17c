import type { Problem } from '@dataworks/constructs/lib/private/errors';
import { DEPLOYMENT_REFUSALS as REFUSALS } from './deployment-refusals';
import { MANAGED_POLICY_QUOTA, SERVICE_CONTROL_POLICY_QUOTA, sizeOf, type Document } from './policy-document';
import type { ServiceFamily } from '../execution-policy';
import type { ServiceControlPolicyProps } from '../service-control-policy';

const ACTION = /^(?!(iam|sts|organizations|account|cloudformation):)[a-z][a-z0-9-]*:[A-Za-z0-9*]+$/;
const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;
const STACKS = /^(?!(cdk|aws)-)[A-Za-z][A-Za-z0-9-]{1,22}-$/;

export function managedPolicyProblems(document: Document): Problem[] {
  const size = sizeOf(document);
  return size <= MANAGED_POLICY_QUOTA ? [] : [{ ...REFUSALS.policyTooLong, received: `${size} characters` }];
}

export function applicationProblems(applications: readonly string[] = []): Problem[] {
  return applications
    .filter((prefix) => !STACKS.test(prefix))
    .map((prefix) => ({ ...REFUSALS.applicationPrefix, received: JSON.stringify(prefix) }));
}

export function familyProblems(families: readonly ServiceFamily[] = []): Problem[] {
  return families.flatMap(({ family, actions, passedTo = [], serviceLinkedRoles = [] }) => [
    ...actions
      .filter((action) => !ACTION.test(action))
      .map((action) => ({ ...REFUSALS.serviceAction, received: `${JSON.stringify(action)} of ${family}` })),
    ...[...passedTo, ...serviceLinkedRoles]
      .filter((service) => !SERVICE.test(service))
      .map((service) => ({ ...REFUSALS.servicePrincipal, received: `${JSON.stringify(service)} of ${family}` })),
  ]);
}

const PRINCIPAL = /^arn:[\w*-]+:iam::(\*|\d{12}):(role|user)\/[\w+=,.@/*-]*[\w+=,.@-][\w+=,.@/*-]*$/;

export function serviceControlProblems(document: Document, { administrators }: ServiceControlPolicyProps): Problem[] {
  const size = sizeOf(document);
  return [
    ...(size <= SERVICE_CONTROL_POLICY_QUOTA ? [] : [{ ...REFUSALS.serviceControlPolicyTooLong, received: `${size} characters` }]),
    ...(administrators.length > 0 ? [] : [{ ...REFUSALS.noAdministrators, received: '[]' }]),
    ...administrators
      .filter((pattern) => !PRINCIPAL.test(pattern))
      .map((pattern) => ({ ...REFUSALS.noAdministrators, received: JSON.stringify(pattern) })),
  ];
}
