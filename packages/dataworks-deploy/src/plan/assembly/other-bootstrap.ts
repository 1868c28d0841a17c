import type { AssemblyStack, EnvironmentAssembly } from './assembly';
import { Fault } from '../../fault';
import { PLAN_FAULTS } from '../faults';
import type { StackTemplate, TemplateParameter } from '../template/stack-template';

/** As `cdk bootstrap` names what it makes, and the CDK's stack synthesizers what they use of it. */
const NAMES = [
  /:role\/(?<name>cdk-(?<qualifier>[\w-]+)-(?:deploy|cfn-exec|lookup|file-publishing|image-publishing)-role-[0-9]{12}-[a-z0-9-]+)$/,
  /^s3:\/\/(?<name>cdk-(?<qualifier>[\w-]+)-assets-[0-9]{12}-[a-z0-9-]+)\//,
  /^(?<name>cdk-(?<qualifier>[\w-]+)-container-assets-[0-9]{12}-[a-z0-9-]+):/,
  /^(?<name>\/cdk-bootstrap\/(?<qualifier>[\w-]+)\/version)$/,
];

/**
 * Throws DW3244 with each stack that names something of another CDK bootstrap than that of the environment. Names of one's own are of none.
 *
 * @param qualifier of the environment's bootstrap
 */
export function refuseOtherBootstrap({ stacks, templates }: EnvironmentAssembly, qualifier: string): void {
  const others = stacks.flatMap((stack) => {
    const found = [...othersOf(stack, templates.get(stack.template.file)!, qualifier)];
    return found.map(([other, name]) => `${stack.name} is made for \`${other}\` (${name})`);
  });
  if (others.length > 0) {
    throw new Fault(PLAN_FAULTS.otherBootstrap, {
      received: others.join(', '),
      allowed: `\`${qualifier}\`, the \`qualifier\` of dataworks.json, or names that no bootstrap of the CDK has`,
    });
  }
}

/** Other qualifiers of a stack, each with the first name that has it. */
function othersOf(stack: AssemblyStack, { Parameters = {} }: StackTemplate, qualifier: string): Map<string, string> {
  const { deployRoleArn, roleArn, lookupRoleArn, assets } = stack;
  const destinations = assets.flatMap((asset) => asset.destinations);
  const used = [deployRoleArn, roleArn, lookupRoleArn, ...destinations.flatMap((one) => [one.roleArn, one.location])];
  const version = Parameters.BootstrapVersion as TemplateParameter | undefined;
  const others = new Map<string, string>();
  for (const text of [...used, version?.Default]) {
    const groups = typeof text === 'string' ? groupsOf(text) : undefined;
    if (groups && groups.qualifier !== qualifier && !others.has(groups.qualifier)) others.set(groups.qualifier, groups.name);
  }
  return others;
}

function groupsOf(text: string): Record<string, string> | undefined {
  for (const form of NAMES) {
    const groups = form.exec(text)?.groups;
    if (groups) return groups;
  }
  return undefined;
}
