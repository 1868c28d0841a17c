import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { deploymentFault } from './deployment-fault';
import { nextStep } from './next-step';
import type { ExpectedStack } from './synthesis';
import type { ChangeSet, DeployedStack, StackEvent, Stacks } from '../aws/cloudformation';
import { untilDone } from '../aws/until-done';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

/** Told what is being done: one line at a time. */
export type Progress = (line: string) => void;

/** Change sets of ours, so that those of an interrupted run are known. */
const CHANGE_SETS = 'dataworks-bootstrap-';

/** What CloudFormation says when it works on the stack, or has lost the change set to somebody else's. */
const BUSY = /_IN_PROGRESS state|cannot be (?:executed|updated|deleted)|ChangeSet .* does not exist|InvalidChangeSetStatus/;

/** What is to be done to a stack, and was not done yet. */
export interface Proposal {
  readonly stack: ExpectedStack;
  readonly isNew: boolean;
  /** Undefined when the deployed template is the one that is wanted. */
  readonly changeSet?: ChangeSet;
  /** Termination protection is off. */
  readonly protect: boolean;
}

/** One stack, and the way from wherever an earlier run left it to where it should be. */
export class Deployment {
  public constructor(
    private readonly stacks: Stacks,
    private readonly stackName: string,
    private readonly progress: Progress,
  ) {}

  /** Wait until nobody works on the stack. */
  public async settled(): Promise<DeployedStack | undefined> {
    const stack = await this.stacks.find(this.stackName);
    if (!stack || nextStep(stack.status) !== 'wait') return stack;
    this.say(`${stack.status}, left by another run: waiting until it has ended`);
    await this.during(stack.id, async () => {});
    return this.settled();
  }

  /** Bring the stack to where a change set can be made: finish or take back what was interrupted, and clear what failed. */
  public async recovered(): Promise<DeployedStack | undefined> {
    const stack = await this.settled();
    switch (nextStep(stack?.status)) {
      case 'clear':
        this.say(`${stack!.status}, left by a failed run: clearing`);
        await this.remove(stack!);
        return this.recovered();
      case 'continue rollback':
      case 'roll back':
        return this.rolledBack(stack!);
      case 'give up':
        throw new Fault(FAULTS.stackUnclear, {
          received: `${this.stackName} is ${stack!.status}${stack!.reason ? ` (${stack!.reason})` : ''}`,
        });
      default:
        await this.discardOwnChangeSets(stack);
        return stack;
    }
  }

  /**
   * Make the change set that leads to the expected stack; none when it is deployed already.
   *
   * @param parameters values; undefined: as before
   */
  public async propose(
    stack: ExpectedStack,
    deployed: DeployedStack | undefined,
    parameters: Readonly<Record<string, string | undefined>>,
  ): Promise<Proposal> {
    const isNew = nextStep(deployed?.status) === 'create';
    const protect = !deployed?.terminationProtection;
    const valuesAreNew = Object.values(parameters).some((value) => value !== undefined);
    if (deployed && !isNew && !valuesAreNew && (await this.isDeployed(stack, deployed))) return { stack, isNew, protect };
    const changeSet = await this.busyIsAFault(
      this.stacks.propose({
        stack: stack.name,
        name: `${CHANGE_SETS}${randomUUID()}`,
        isNew,
        template: stack.body,
        parameters,
        tags: stack.tags,
      }),
    );
    if (changeSet && changeSet.status !== 'CREATE_COMPLETE') {
      await this.withdraw({ stack, isNew, protect, changeSet });
      throw deploymentFault(stack.name, [{ type: '', logicalId: '', reason: changeSet.reason }], FAULTS.changeSetFailed);
    }
    this.say(changeSet ? 'change set made' : 'no changes');
    return { stack, isNew, protect, changeSet };
  }

  /** Take back a proposal, so that nothing is left of it. */
  public async withdraw({ changeSet, isNew }: Proposal): Promise<void> {
    if (!changeSet) return;
    await this.stacks.discard(changeSet.id);
    if (isNew) await this.stacks.remove(this.stackName); // it is nothing but the place of the change set
  }

  /** Do what was proposed, and wait until it is done. Throws DW2118 when it fails, with the first resource that did. */
  public async execute({ changeSet, protect }: Proposal): Promise<void> {
    if (changeSet) {
      const { id } = (await this.stacks.find(this.stackName))!;
      const { status, failures } = await this.during(id, async () => {
        await this.busyIsAFault(this.stacks.execute(changeSet.id));
        this.say('change set executes');
      });
      if (status !== 'CREATE_COMPLETE' && status !== 'UPDATE_COMPLETE') {
        throw deploymentFault(`${this.stackName} ended as ${status}`, failures, FAULTS.deploymentFailed);
      }
      this.say('deployed');
    }
    if (protect) {
      await this.stacks.protect(this.stackName, true);
      this.say('termination protection is on');
    }
  }

  /** Delete the stack. What refuses to go is kept, and found by whoever creates the stack again. */
  public async remove(stack: DeployedStack): Promise<void> {
    if (stack.terminationProtection) await this.stacks.protect(this.stackName, false);
    if (stack.status !== 'DELETE_FAILED') await this.during(stack.id, () => this.stacks.remove(this.stackName));
    if (!(await this.stacks.find(stack.id))) return;
    const stuck = (await this.stacks.resources(stack.id)).filter(({ status }) => status === 'DELETE_FAILED');
    this.say(`keeping what could not be deleted: ${stuck.map(({ logicalId, physicalId }) => `${logicalId} (${physicalId})`).join(', ')}`);
    const retained = stuck.map(({ logicalId }) => logicalId);
    const { failures } = await this.during(stack.id, () => this.stacks.remove(this.stackName, retained));
    const left = await this.stacks.find(stack.id);
    if (left) throw deploymentFault(`${this.stackName} ended as ${left.status}`, failures, FAULTS.stackUnclear);
  }

  private async rolledBack(stack: DeployedStack): Promise<DeployedStack | undefined> {
    this.say(`${stack.status}, left by a failed update: taking it back`);
    const { status, failures } = await this.during(stack.id, () =>
      stack.status === 'UPDATE_FAILED' ? this.stacks.rollBack(this.stackName) : this.stacks.continueRollback(this.stackName),
    );
    if (status !== 'UPDATE_ROLLBACK_COMPLETE') throw deploymentFault(`${this.stackName} ended as ${status}`, failures, FAULTS.stackUnclear);
    return this.recovered();
  }

  private async isDeployed(stack: ExpectedStack, deployed: DeployedStack): Promise<boolean> {
    const template = await this.stacks.template(stack.name);
    return template !== undefined && isDeepStrictEqual([parsed(template), deployed.tags], [stack.template, stack.tags]);
  }

  private async discardOwnChangeSets(stack: DeployedStack | undefined): Promise<void> {
    if (!stack) return;
    for (const { id, name } of await this.stacks.changeSets(this.stackName)) {
      if (name.startsWith(CHANGE_SETS)) await this.busyIsAFault(this.stacks.discard(id));
    }
  }

  /** Do something that sets CloudFormation to work, and pass on the events until it has stopped. */
  private async during(stackId: string, work: () => Promise<void>): Promise<{ readonly status: string; readonly failures: StackEvent[] }> {
    const seen = new Set((await this.stacks.events(stackId)).map(({ id }) => id));
    await work();
    const failures: StackEvent[] = [];
    let status = 'DELETE_COMPLETE';
    await untilDone(async () => {
      status = (await this.stacks.find(stackId))?.status ?? 'DELETE_COMPLETE';
      for (const event of (await this.stacks.events(stackId)).reverse()) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        if (event.status.endsWith('_FAILED')) failures.push(event);
        this.progress(eventLine(event));
      }
      return !status.endsWith('_IN_PROGRESS'); // also under review: between the call and its begin, a new stack still is
    });
    return { status, failures };
  }

  private async busyIsAFault<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Error && BUSY.test(`${error.name} ${error.message}`)) {
        throw new Fault(FAULTS.stackBusy, { received: `${this.stackName} (${error.message.replace(/\.$/, '')})` });
      }
      throw error;
    }
  }

  private say(line: string): void {
    this.progress(`${this.stackName}: ${line}`);
  }
}

function eventLine({ time, status, type, logicalId, reason }: StackEvent): string {
  return [time.toISOString().slice(11, 19), status, type, logicalId, ...(reason ? [`(${reason})`] : [])].join(' ');
}

function parsed(template: string): unknown {
  try {
    return JSON.parse(template);
  } catch {
    return undefined; // YAML: not written by this command
  }
}
