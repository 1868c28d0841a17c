import { BackendStack, ToolkitStack } from '@dataworks/backend-bootstrap';
import { App, type Stack } from 'aws-cdk-lib/core';
import type { Configuration, Environment } from '../config/configuration';
import type { Target } from '../config/target';
import { Fault } from '../fault';
import { FAULTS } from '../faults';
import { scratchFolder } from '../scratch';
import { Resolver } from '../template/resolver';
import type { Template } from '../template/template';

/** What CloudFormation takes in a request; anything larger has to be in a bucket, and that is what is being made. */
const TEMPLATE_MAX_BYTES = 51_200;

/** A stack as it should be deployed. */
export interface ExpectedStack {
  readonly name: string;
  readonly template: Template;
  /** The template as it is sent. */
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What the resources are called, by logical id. */
  readonly resourceNames: Readonly<Record<string, string | undefined>>;
}

/** Both stacks of an environment. */
export interface ExpectedStacks {
  readonly backend: ExpectedStack;
  readonly toolkit: ExpectedStack;
}

export interface SynthesisOptions {
  /** Whether the account has the identity provider of the CircleCI organisation, made by somebody else. */
  readonly existingProvider: boolean;
}

/** The two stacks of an environment. Throws DW2116 when one is too large to be deployed before there is a bucket. */
export function synthesise(target: Target, options: SynthesisOptions): ExpectedStacks {
  const { path: outdir, remove } = scratchFolder('bootstrap');
  try {
    const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
    const [backend, toolkit] = stacksOf(app, target, options);
    const assembly = withoutValidator(() => app.synth());
    const expected = ({ artifactId }: Stack): ExpectedStack => {
      const artifact = assembly.getStackArtifact(artifactId);
      const template = artifact.template as Template;
      const resourceNames = new Resolver(template, target.names).names();
      return sized({ name: artifact.stackName, template, body: JSON.stringify(template), tags: artifact.tags, resourceNames });
    };
    return { backend: expected(backend), toolkit: expected(toolkit) };
  } finally {
    remove();
  }
}

function stacksOf(app: App, { configuration, environment }: Target, { existingProvider }: SynthesisOptions): [Stack, Stack] {
  const { project, stateName, stateNameSuffix, stateKey, qualifier, circleci, repository } = configuration;
  const { name, account, region, production, administrators } = environment;
  const common = {
    project: project.name,
    environment: name,
    production,
    qualifier,
    env: { account, region },
    terminationProtection: true,
    tags: { ...project.tags, ...environment.tags }, // the stacks add their own
  };
  const backend = new BackendStack(app, 'Backend', {
    ...common,
    owner: project.owner,
    stateName,
    stateNameSuffix,
    stateKey,
    circleCi: circleci && repository !== undefined ? { ...circleci, repository, existingProvider } : undefined,
    ...neighbours(configuration, environment),
    administrators: [...administrators],
  });
  return [backend, new ToolkitStack(app, 'Toolkit', common)];
}

/** The environment before this one, whose record its deployer reads, and those that read its own. */
function neighbours({ environments }: Configuration, { name, after }: Environment) {
  const places = environments.map((one) => ({ environment: one.name, account: one.account, after: one.after }));
  const place = ({ environment, account }: (typeof places)[number]) => ({ environment, account });
  const before = places.find(({ environment }) => environment === after);
  return { after: before && place(before), recordReaders: places.filter((one) => one.after === name).map(place) };
}

/** The CDK's own validator takes seconds; these templates have been through it when the package was built. */
function withoutValidator<T>(synth: () => T): T {
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
  try {
    return synth();
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
}

/** Refuse a template that CloudFormation would not take. Throws DW2116. */
export function sized<S extends Pick<ExpectedStack, 'name' | 'body'>>(stack: S): S {
  const bytes = Buffer.byteLength(stack.body);
  if (bytes <= TEMPLATE_MAX_BYTES) return stack;
  throw new Fault(FAULTS.templateTooLarge, { received: `${bytes.toLocaleString('en-US')} bytes for ${stack.name}` });
}
