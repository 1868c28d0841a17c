import { audience, changeReport } from './change-report';
import { confirm } from './confirm';
import { deployedTemplate, hasForeignProvider } from './deployed';
import { Deployment, type Proposal } from './deployment';
import { EXTERNAL_ID, externalIdFor, newExternalId } from './external-id';
import { nextStep } from './next-step';
import { refuseForeign, toolkitFault } from './preflight';
import { synthesise, type ExpectedStacks } from './synthesis';
import type { Account } from '../aws/account';
import type { Target } from '../config/target';
import type { Terminal } from '../terminal';

export interface BootstrapRequest {
  readonly target: Target;
  readonly account: Account;
  /** ARN of whoever does it. */
  readonly caller: string;
  readonly rotate: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  readonly terminal: Terminal;
}

export interface BootstrapOutcome {
  readonly proposals: readonly Proposal[];
  readonly externalId: 'none' | 'previous' | 'new';
  /** The new one. */
  readonly newExternalId?: string;
}

/**
 * Deploy both stacks, the backend first: the CDK bootstrap names its policies.
 *
 * Nothing is written before the question is answered, but change sets, which are taken back when the answer is no, and what a failed
 * run has to clear, for which there is a question of its own.
 */
export async function bootstrapEnvironment(request: BootstrapRequest): Promise<BootstrapOutcome> {
  const { target, account, caller, terminal } = request;
  const { names } = target;
  const backend = new Deployment(account.stacks, names.backendStack, terminal.err);
  const toolkit = new Deployment(account.stacks, names.toolkitStack, terminal.err);

  terminal.err(audience(target, caller));
  // Before a stack is cleared: one that failed may be somebody else's. Whose the provider is, is known only after that.
  await refuseForeignToolkit(target, account, synthesise(target, { existingProvider: false }));
  await refuseForeign(target, account);
  await recoverable(request, { [names.backendStack]: backend, [names.toolkitStack]: toolkit });
  const deployedBackend = await backend.recovered();
  const deployedToolkit = await toolkit.recovered();

  const expected = synthesise(target, { existingProvider: await hasForeignProvider(target, account) });
  const externalId = externalIdFor({
    needed: expected.backend.template.Parameters?.[EXTERNAL_ID] !== undefined,
    inForce: nextStep(deployedBackend?.status) === 'update' && (deployedBackend?.parameters.includes(EXTERNAL_ID) ?? false),
    rotate: request.rotate,
  });
  const secret = externalId === 'new' ? newExternalId() : undefined;
  const proposed: Proposed[] = [];
  try {
    const parameters = externalId === 'none' ? {} : { [EXTERNAL_ID]: secret };
    proposed.push({ deployment: backend, proposal: await backend.propose(expected.backend, deployedBackend, parameters) });
    proposed.push({ deployment: toolkit, proposal: await toolkit.propose(expected.toolkit, deployedToolkit, {}) });
    await approved(request, proposed);
  } catch (error) {
    for (const { deployment, proposal } of proposed) await deployment.withdraw(proposal);
    throw error;
  }
  if (secret !== undefined) terminal.err(announcement(target, secret, request.rotate));
  for (const { deployment, proposal } of proposed) await deployment.execute(proposal);
  return { proposals: proposed.map(({ proposal }) => proposal), externalId, newExternalId: secret };
}

interface Proposed {
  readonly deployment: Deployment;
  readonly proposal: Proposal;
}

/** Show what would be done, and ask whether to do it, if there is anything. */
async function approved({ target, yes, terminal }: BootstrapRequest, proposed: readonly Proposed[]): Promise<void> {
  for (const { proposal } of proposed) terminal.err(changeReport(proposal));
  if (!proposed.some(({ proposal }) => proposal.changeSet ?? proposal.protect)) return;
  await confirm(`Do this in account ${target.environment.account}?`, 'yes', { yes, terminal });
}

/** Ask before clearing what a failed run has left. */
async function recoverable({ yes, terminal }: BootstrapRequest, deployments: Readonly<Record<string, Deployment>>): Promise<void> {
  for (const [name, deployment] of Object.entries(deployments)) {
    const stack = await deployment.settled();
    if (stack && nextStep(stack.status) === 'clear') {
      const question = `${name} is ${stack.status}: its creation or deletion failed. Clear what is left of it (bucket and table are kept) and go on?`;
      await confirm(question, 'yes', { yes, terminal });
    }
  }
}

async function refuseForeignToolkit({ names }: Target, account: Account, { toolkit }: ExpectedStacks): Promise<void> {
  const deployed = await deployedTemplate(account, names.toolkitStack);
  const version = (await account.parameters.values([names.cdkVersionParameter]))[names.cdkVersionParameter];
  const owner = version === undefined ? undefined : await account.stacks.ownerOf(names.cdkVersionParameter);
  const fault = toolkitFault({ deployed, version, owner }, toolkit.template, names.toolkitStack);
  if (fault) throw fault;
}

/** Shown before it comes into force: whatever happens then, whoever ran the command knows it. */
function announcement({ configuration, environment }: Target, secret: string, rotate: boolean): string {
  const context = `${configuration.project.name}-${environment.name}`;
  return [
    '',
    `The external id, shown this once; it replaces every earlier one. Put it into the CircleCI context ${context} as DEPLOYER_EXTERNAL_ID:`,
    `  ${secret}`,
    ...(rotate ? ['Until the context holds it, applies fail, also those under way.'] : []),
    '',
  ].join('\n');
}
