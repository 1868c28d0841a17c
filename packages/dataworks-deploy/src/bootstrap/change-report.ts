import type { Proposal } from './deployment';
import type { ExpectedStack } from './synthesis';
import type { ResourceChange } from '../aws/cloudformation';
import type { Target } from '../config/target';

/** CloudFormation's words for what it would do, in ours. */
const ACTIONS: Readonly<Record<string, string | undefined>> = {
  Add: 'create',
  Modify: 'change',
  Remove: 'remove',
  Import: 'adopt',
  Dynamic: 'perhaps change',
};

const REPLACEMENTS: Readonly<Record<string, string | undefined>> = { True: 'REPLACED', Conditional: 'perhaps REPLACED' };

/** For whom the stacks are, and by whose credentials. */
export function audience({ configuration, environment, names }: Target, callerArn: string): string {
  const { project, circleci, repository } = configuration;
  const { administrators, production, account, region } = environment;
  return table({
    environment: `${environment.name}${production ? ' (production)' : ''} of ${project.name}, owned by ${project.owner}`,
    account: `${account}, ${region}`,
    by: callerArn,
    ...(circleci && repository !== undefined
      ? {
          pipeline: `CircleCI organisation ${circleci.organizationId}, project ${circleci.projectId}`,
          repository: `${repository}: every branch may plan, main may apply`,
        }
      : { pipeline: 'none: dataworks.json names no CircleCI project and repository' }),
    'break glass': administrators.length === 0 ? 'nobody' : administrators.join(', '),
    'state bucket': `${names.stateBucket}, and the lock table of the same name`,
  });
}

/** What would be done to a stack: a line per resource. Values do not appear: properties are named by their paths. */
export function changeReport({ stack, isNew, changeSet, protect }: Proposal): string {
  const changes = changeSet?.changes ?? [];
  if (changes.length === 0 && !changeSet && !protect) return `${stack.name}: no changes`;
  const lines = [...changes.map((change) => `  ${changeLine(change, stack)}`), ...(protect ? ['  turn on termination protection'] : [])];
  return [`${stack.name}: ${isNew ? 'will be created' : 'will be changed'}`, ...lines].join('\n');
}

/** What would be done to one resource of a stack. */
export function changeLine({ action, type, logicalId, replacement, paths }: ResourceChange, { resourceNames }: ExpectedStack): string {
  const replaced = REPLACEMENTS[replacement ?? ''];
  const what = `${ACTIONS[action] ?? action} ${type} ${resourceNames[logicalId] ?? logicalId}`;
  const how = [...(replaced === undefined ? [] : [replaced]), ...(action === 'Modify' ? paths : [])];
  return `${what}${how.length > 0 ? `: ${how.join(', ')}` : ''}`;
}

export function table(rows: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(rows).map(({ length }) => length));
  return Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
    .join('\n');
}
