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
  const { target, account, caller, yes, terminal } = request;
  const { names, environment } = target;
  const backend = new Deployment(account.stacks, names.backendStack, terminal.err);
  const toolkit = new Deployment(account.stacks, names.toolkitStack, terminal.err);

  terminal.err(audience(target, caller));
  await recoverable(request, { [names.backendStack]: backend, [names.toolkitStack]: toolkit });
  const deployedBackend = await backend.recovered();
  const deployedToolkit = await toolkit.recovered();

  await refuseForeign(target, account);
  const expected = synthesise(target, { existingProvider: await hasForeignProvider(target, account) });
  await refuseForeignToolkit(target, account, expected);

  const externalId = externalIdFor({
    needed: expected.backend.template.Parameters?.[EXTERNAL_ID] !== undefined,
    inForce: nextStep(deployedBackend?.status) === 'update' && (deployedBackend?.parameters.includes(EXTERNAL_ID) ?? false),
    rotate: request.rotate,
  });
  const secret = externalId === 'new' ? newExternalId() : undefined;
  const parameters = externalId === 'none' ? {} : { [EXTERNAL_ID]: secret };
  const proposals = [
    { deployment: backend, proposal: await backend.propose(expected.backend, deployedBackend, parameters) },
    { deployment: toolkit, proposal: await toolkit.propose(expected.toolkit, deployedToolkit, {}) },
  ];

  for (const { proposal } of proposals) terminal.err(changeReport(proposal));
  if (proposals.some(({ proposal }) => proposal.changeSet ?? proposal.protect)) {
    try {
      await confirm(`Do this in account ${environment.account}?`, 'yes', { yes, terminal });
    } catch (error) {
      for (const { deployment, proposal } of proposals) await deployment.withdraw(proposal);
      throw error;
    }
    if (secret !== undefined) terminal.err(announcement(target, secret, request.rotate));
    for (const { deployment, proposal } of proposals) await deployment.execute(proposal);
  }
  return { proposals: proposals.map(({ proposal }) => proposal), externalId, newExternalId: secret };
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
