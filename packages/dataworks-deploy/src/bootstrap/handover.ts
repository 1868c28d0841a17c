import { BackendParameter } from '@dataworks/backend-bootstrap';
import { backendBlock } from './backend-block';
import { table } from './change-report';
import type { Target } from '../config/target';

/** What goes into the contexts of CircleCI, by context and variable. Names as in docs/pipeline.md. */
export function contextsOf({ configuration, environment, names }: Target): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const { circleci, repository, project } = configuration;
  if (!circleci || repository === undefined) return {};
  const context = `${project.name}-${environment.name}`;
  return {
    [`${context}-plan`]: { AWS_ROLE_ARN: names.roleArn(names.planRole) },
    [context]: { AWS_ROLE_ARN: names.roleArn(names.applyRole), DEPLOYER_ROLE_ARN: names.roleArn(names.deployerRole) },
  };
}

/** Where the parameters are that tell every tool the rest. */
export function parameterPath({ names }: Target): string {
  return names.parameter(BackendParameter.STATE_BUCKET).replace(/[^/]+$/, '');
}

/** What to do with a backend that is in place. */
export function handover(target: Target, externalId: 'new' | 'previous' | 'none'): string {
  const contexts = Object.entries(contextsOf(target));
  const secret = externalId === 'new' ? 'the external id shown above' : 'as it is; a new one: dataworks bootstrap --rotate';
  const applyContext = `${target.configuration.project.name}-${target.environment.name}`;
  return [
    `SSM parameters: ${parameterPath(target)}`,
    ...contexts.flatMap(([context, variables]) => [
      '',
      `CircleCI, context ${context}:`,
      table({ ...variables, ...(context === applyContext && { DEPLOYER_EXTERNAL_ID: secret }) }),
    ]),
    '',
    'Terraform and OpenTofu:',
    backendBlock(target.names).trimEnd(),
  ].join('\n');
}
