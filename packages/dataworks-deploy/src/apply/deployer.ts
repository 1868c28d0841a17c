import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkAssets } from './asset-check';
import { APPLY_FAULTS } from './faults';
import { nestedTemplate } from './nested-template';
import { operationOf } from './operation-token';
import type { Deployer } from './protocol';
import { checkPlan } from './remade';
import { needsPublishing, StackDeployment } from './stack-deployment';
import { ChangeSets } from '../aws/change-sets';
import { Stacks, type DeployedStack } from '../aws/cloudformation';
import { publishedContent } from '../aws/published-assets';
import { roleCredentials } from '../aws/role-credentials';
import { StackReader } from '../aws/stack-reader';
import { untilDone } from '../aws/until-done';
import { Fault } from '../fault';
import { canBuildImages } from '../image-builder';
import { changeSetName } from '../lock/change-set-name';
import { ASSEMBLY } from '../plan/assembly/assembly-path';
import type { Bundle } from '../plan/bundle/bundle';
import { deployedStack, deployedState, type DeployedStack as StackAsRead } from '../plan/compare/deployed-stack';
import type { PlannedStack } from '../plan/plan';
import { STATEFUL } from '../plan/template/stateful';

const load = createRequire(__filename);

/** Loaded when there is something to publish: most applies have nothing, or a template that goes with the call. */
const publishing = () => load('../aws/publishing') as typeof import('../aws/publishing');
/** Loaded when there is an image. */
const imageTags = () => load('../aws/image-tags') as typeof import('../aws/image-tags');

export interface DeployerProps {
  readonly bundle: Bundle;
  /** ARN of whose credentials these are. */
  readonly caller: string;
  /** Role of the CDK bootstrap for stacks of which the plan names none. */
  readonly deployRoleArn: string;
  /** A bundle of the state bucket. */
  readonly open: (digest: string) => Promise<Bundle>;
  /** Aborted when nothing more is to be waited for that somebody else has begun. */
  readonly stop: AbortSignal;
  readonly tell: (line: string) => void;
}

interface Clients {
  readonly stacks: Stacks;
  readonly changeSets: ChangeSets;
  readonly reader: StackReader;
}

/** CloudFormation, for each stack of a plan by the role that it names. */
export class AccountDeployer implements Deployer {
  private readonly clients = new Map<string, Clients>();
  /** What was read of the stacks last, by place: a plan is made again of the same. */
  private readonly seen = new Map<string, StackAsRead | undefined>();

  public constructor(private readonly props: DeployerProps) {}

  /** For a stack, by whoever may delete its change sets. */
  public readonly stacksFor = (region: string, name: string): Stacks => this.clientsFor(region, name).stacks;

  public readonly deployed: Deployer['deployed'] = async (place) => {
    const [region, name] = place.split('/');
    const stack = await deployedStack({ stacks: this.clientsFor(region, name).reader }, name);
    this.seen.set(place, stack);
    return stack && deployedState(stack);
  };

  public readonly checkPlan: Deployer['checkPlan'] = (recorded) => {
    const { plan, directory } = this.props.bundle;
    return checkPlan(plan, join(directory, ASSEMBLY), {
      seen: this.seen,
      recorded,
      reader: ({ region, name }) => this.clientsFor(region, name).reader,
    });
  };

  public readonly lastOperation: Deployer['lastOperation'] = async (place, above) => {
    const [region, name] = place.split('/');
    const { stacks, changeSets } = this.clientsFor(region, name);
    const stack = await this.atRest(stacks, name);
    if (!stack) return undefined;
    let isLast = true;
    // Of a stack that was never ours all of it, and no time ends it sooner: a record of what another plan had left is younger than what it leaves.
    for await (const { physicalId, token, status } of changeSets.events(stack.id)) {
      if (physicalId !== stack.id || status === 'REVIEW_IN_PROGRESS') continue;
      const operation = operationOf(token);
      if (operation && operation.fence <= above) return undefined;
      if (operation) return { place, stackId: stack.id, operation, status, isLast };
      isLast = false;
    }
    return undefined;
  };

  /** Undefined when it does not exist. Throws DW3330 when it is not waited for: an earlier apply may have left it at work. */
  private async atRest(stacks: Stacks, name: string): Promise<DeployedStack | undefined> {
    const { stop, tell } = this.props;
    let stack: DeployedStack | undefined;
    let told: string | undefined;
    await untilDone(async () => {
      stack = await stacks.find(name);
      if (!stack || stack.status === 'REVIEW_IN_PROGRESS' || !stack.status.endsWith('_IN_PROGRESS')) return true;
      if (stop.aborted) throw new Fault(APPLY_FAULTS.unclear, { received: `${name} is ${stack.status}, ${String(stop.reason)}` });
      if (told !== stack.status) tell(`${name}: ${stack.status}; waiting for its end`);
      told = stack.status;
      return false;
    });
    return stack;
  }

  public readonly plan: Deployer['plan'] = async (digest) => {
    try {
      const { plan, dispose } = await this.props.open(digest);
      dispose();
      return plan;
    } catch (error) {
      if (error instanceof Fault && error.code.startsWith('DW32')) return undefined; // gone, or not as it was written
      throw error;
    }
  };

  public readonly deployment: Deployer['deployment'] = (stack, { operation, token, mayGoOn, lost }) => {
    const text = (file: string) => this.file(file).toString();
    const template = text(stack.template.file);
    return new StackDeployment({
      stack,
      template,
      nestedTemplate: (nested) => nestedTemplate(stack, nested, text),
      ...this.clientsFor(stack.region, stack.name),
      publish: () => this.publish(stack, Buffer.byteLength(template)),
      changeSetName: changeSetName(operation.fence, operation.digest),
      token,
      isStateful: (type) => STATEFUL.has(type),
      mayGoOn,
      lost,
      tell: this.props.tell,
    });
  };

  public readonly checkAssets: Deployer['checkAssets'] = (stacks) => {
    const { bundle, caller } = this.props;
    return checkAssets(stacks, {
      own: (file) => this.file(file),
      published: (destination, region) => publishedContent(destination, region, { account: bundle.plan.account, caller }),
      hasMutableTags: (destination, region) => imageTags().hasMutableTags(destination, region, caller),
      missingImages: ({ assetManifest, region }, ids) =>
        publishing().missingImages({ manifest: join(bundle.directory, assetManifest!), ids, region }),
      canBuildImages,
    });
  };

  private file(path: string): Buffer {
    return readFileSync(join(this.props.bundle.directory, path));
  }

  /** @param bytes of the stack's template */
  private async publish(stack: PlannedStack, bytes: number): Promise<void> {
    const { bundle, tell } = this.props;
    const needed = stack.assets.filter((asset) => needsPublishing(stack, asset, bytes));
    if (stack.assetManifest === undefined || needed.length === 0) return;
    await publishing().publishAssets({
      manifest: join(bundle.directory, stack.assetManifest),
      ids: new Set(needed.map(({ id }) => id)),
      region: stack.region,
      tell: (line) => {
        tell(`${stack.name}: ${line}`);
      },
    });
  }

  /** Made once for each region and role. */
  private clientsFor(region: string, name: string): Clients {
    const { bundle, caller, deployRoleArn } = this.props;
    const planned = bundle.plan.stacks.find((stack) => stack.region === region && stack.name === name);
    const role = planned?.deployRoleArn ?? deployRoleArn;
    const key = `${region} ${role}`;
    const known = this.clients.get(key);
    if (known) return known;
    const credentials = roleCredentials(region, role, caller);
    const clients = {
      stacks: new Stacks(region, credentials),
      changeSets: new ChangeSets(region, credentials),
      reader: new StackReader(region, credentials),
    };
    this.clients.set(key, clients);
    return clients;
  }
}
