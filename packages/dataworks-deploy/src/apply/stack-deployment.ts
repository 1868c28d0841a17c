import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  changeDivergences,
  changingParameters,
  inputDivergences,
  nestedInputDivergences,
  type IsStateful,
  type Template,
} from './diverged';
import { APPLY_FAULTS } from './faults';
import { DEPLOYED } from './interrupted';
import type { Outcome } from './outcome';
import { passedTo } from './passed-parameters';
import { isRewritten, processedDivergences, type ProcessedTemplate } from './processed';
import { isAnswer, type ChangeSets, type MadeChangeSet, type OwnedEvent } from '../aws/change-sets';
import type { Stacks } from '../aws/cloudformation';
import { isEmpty } from '../aws/cloudformation-client';
import { untilDone } from '../aws/until-done';
import { rootCause } from '../bootstrap/deployment-fault';
import { Fault } from '../fault';
import { FAULTS, type FaultKind } from '../faults';
import { urlSuffixOf } from '../plan/assembly/place';
import type { PlannedAsset, PlannedStack } from '../plan/plan';
import { NESTED_STACK } from '../plan/template/nested-templates';
import type { JsonObject } from '../plan/template/stack-template';

/** CloudFormation takes larger templates from a bucket only. */
const BODY_BYTES = 51_200;

/** Statuses of a change set that was set to work and did not fail at once. */
const BEGUN: readonly string[] = ['EXECUTE_IN_PROGRESS', 'EXECUTE_COMPLETE'];

/** Between two questions while nothing answers. */
const RETRY_MS = 2_000;

/** Faults that go by themselves. */
const PASSING: readonly string[] = [FAULTS.unreachable.code, FAULTS.throttled.code];

/** What one stack of a plan is deployed with. */
export interface StackDeploymentProps {
  readonly stack: PlannedStack;
  /** Text of its template in the bundle. */
  readonly template: string;
  /** Text of the template of a nested stack in the bundle, by the logical ids that lead to it. */
  readonly nestedTemplate: (nested: readonly string[]) => string | undefined;
  readonly changeSets: ChangeSets;
  readonly stacks: Stacks;
  /** Publish the assets of the stack. */
  readonly publish: () => Promise<void>;
  readonly changeSetName: string;
  readonly token: string;
  readonly isStateful: IsStateful;
  /** Throws when nothing more may be begun: the lock is lost, or somebody wants to stop. */
  readonly mayGoOn: () => Promise<void>;
  /** Aborted when the lock is lost: until then, a network that is away may come back. */
  readonly lost: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Whether an asset is published: all but a template that is small enough to be sent itself. */
export function needsPublishing({ template }: Pick<PlannedStack, 'template'>, { destinations }: PlannedAsset, bytes: number): boolean {
  return bytes > BODY_BYTES || !destinations.some(({ location }) => location === template.url);
}

/** Whether a plan has anything to do in a stack. One that waits may turn out to have nothing. */
export function hasWork(stack: PlannedStack): boolean {
  return needsOperation(stack) || stack.otherChanges.length > 0;
}

/** Whether CloudFormation has to be set to work, which a change of the termination protection does not. */
export function needsOperation({ deployed, changes, otherChanges, waits }: PlannedStack): boolean {
  const others = otherChanges.filter(({ what }) => what !== 'terminationProtection');
  return deployed === undefined || changes.length > 0 || others.length > 0 || waits.length > 0;
}

/** Thrown when CloudFormation was set to work and its end was not seen. */
export class UnclearError extends Error {
  public constructor(
    public readonly stack: string,
    cause: unknown,
  ) {
    super(`${stack}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What a stack that ended in this status is reported as. */
export function failureKind(status: string): FaultKind {
  return status.endsWith('_FAILED') ? APPLY_FAULTS.rollbackFailed : APPLY_FAULTS.deploymentFailed;
}

/** Thrown when a stack was changed, and the change was taken back, or could not be. */
export class RolledBackError extends Fault {
  public constructor(
    public readonly outcome: Outcome,
    received: string,
  ) {
    super(failureKind(outcome.status), { received });
  }
}

/** One stack, from the bundle to what it was approved to be, and not a step further. */
export class StackDeployment {
  /** Of the bundle. */
  private readonly template: ParsedTemplate;

  public constructor(private readonly props: StackDeploymentProps) {
    this.template = parsed(props.template);
  }

  /**
   * Publish, make the change set, compare it with what was approved, execute it, and see it to its end.
   *
   * Throws a `Fault` as long as the stack is unchanged, `RolledBackError` when its change failed, `UnclearError` when its end was not seen.
   */
  public async run(): Promise<Outcome> {
    const { stack, changeSetName, publish, mayGoOn } = this.props;
    await mayGoOn();
    await this.asFault(APPLY_FAULTS.assetFailed, publish);
    const changeSet = await this.asFault(APPLY_FAULTS.changeSetFailed, async () => {
      await this.clear();
      return this.make();
    });
    if (!changeSet) {
      this.say('no changes');
      await this.protect();
      const { stackId: id, status, terminationProtection } = stack.deployed!;
      return { id, status, isTouched: terminationProtection !== stack.terminationProtection }; // be it by a run that was interrupted
    }
    try {
      await this.asFault(APPLY_FAULTS.changeSetFailed, () => this.gate(changeSet));
      await mayGoOn();
    } catch (error) {
      await this.withdraw(changeSet);
      throw error;
    }
    await this.execute(changeSet);
    const status = await this.ended(changeSet.stackId);
    try {
      await this.protect();
    } catch (error) {
      throw new UnclearError(stack.name, error);
    }
    return { id: changeSet.stackId, status, changeSet: changeSetName, isTouched: true };
  }

  /** A step that changes nothing when it is refused: whatever it throws is a `Fault`, by default of the given kind. */
  private async asFault<T>(kind: FaultKind, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw new Fault(kind, { received: `${this.props.stack.name} (${(error as Error).message.replace(/\.$/, '')})` });
    }
  }

  /** A stack whose creation was taken back is in the way of the next one: it holds nothing. */
  private async clear(): Promise<void> {
    const { stack, stacks } = this.props;
    if (stack.deployed) return;
    const failed = await stacks.find(stack.name);
    if (failed?.status !== 'ROLLBACK_COMPLETE') return;
    this.say('ROLLBACK_COMPLETE, left by a creation that failed: removing it');
    await stacks.remove(failed.id);
    await untilDone(async () => {
      const left = await stacks.find(failed.id);
      if (left?.status === 'DELETE_FAILED') throw new Error(`DELETE_FAILED, ${left.reason ?? 'no reason given'}`);
      return left === undefined;
    });
  }

  /** Undefined when it would change nothing. */
  private async make(): Promise<MadeChangeSet | undefined> {
    const { stack, changeSets, changeSetName } = this.props;
    const { Parameters = {}, Resources = {} } = this.template;
    const given: Record<string, string> = {
      ...Object.fromEntries(Object.entries(stack.ssmParameters).map(([key, { name }]) => [key, name])),
      ...stack.parameters,
    };
    const kept = Object.keys(Parameters).filter((name) => !(name in given) && stack.deployed && name in stack.deployed.parameters);
    const changeSet = await changeSets.make({
      stack: stack.name,
      name: changeSetName,
      isNew: stack.deployed === undefined,
      template: this.source(),
      parameters: { ...given, ...Object.fromEntries(kept.map((name) => [name, undefined])) },
      tags: stack.tags,
      capabilities: stack.capabilities,
      roleArn: stack.roleArn,
      nested: Object.values(Resources).some((resource) => resource?.Type === NESTED_STACK),
    });
    if (changeSet.status === 'CREATE_COMPLETE') {
      this.say(`change set ${changeSetName} made`);
      return changeSet;
    }
    await this.withdraw(changeSet);
    if (isEmpty(changeSet) && stack.deployed) return undefined;
    throw new Fault(APPLY_FAULTS.changeSetFailed, { received: `${stack.name} (${changeSet.reason.replace(/\.$/, '')})` });
  }

  private source(): { readonly body: string } | { readonly url: string } {
    const { stack, template } = this.props;
    if (Buffer.byteLength(template) <= BODY_BYTES) return { body: template };
    if (stack.template.url === undefined) {
      throw new Fault(APPLY_FAULTS.changeSetFailed, {
        received: `${stack.name} (its template is larger than ${BODY_BYTES} bytes, and the assembly names no place to publish it)`,
      });
    }
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(stack.template.url)!;
    return { url: `https://s3.${stack.region}.${urlSuffixOf(stack.region)}/${bucket}/${key}` };
  }

  /** Throws DW3308 with everything that was not approved. */
  private async gate(changeSet: MadeChangeSet): Promise<void> {
    const { stack, changeSets, isStateful } = this.props;
    const made = parsed(await changeSets.template(changeSet.id));
    const problems = [
      ...inputDivergences(stack, this.template, changeSet, made),
      ...(await this.rewritten(changeSet, this.template, stack.deployed !== undefined && changingParameters(stack, []).length === 0)),
      ...changeDivergences(stack, changeSet.changes, isStateful),
      ...(await this.nestedDivergences(changeSet, this.template, [])),
    ];
    if (problems.length > 0) throw new Fault(APPLY_FAULTS.diverged, { received: `${stack.name} (${problems.join('; ')})` });
  }

  /** @param template of the bundle, whose nested stacks these are */
  private async nestedDivergences(changeSet: MadeChangeSet, template: ParsedTemplate, around: readonly string[]): Promise<string[]> {
    const { stack, changeSets, nestedTemplate, isStateful } = this.props;
    const inner = changeSet.changes.flatMap(({ logicalId, action, nested }) =>
      nested === undefined ? [] : [{ logicalId, action, nested }],
    );
    const planned = stack.changes.filter(({ nested }) => isDeepStrictEqual(nested, around));
    const changing = [...planned, ...inner].map(({ logicalId }) => logicalId);
    const found = inner.map(async ({ logicalId, action, nested }) => {
      const path = [...around, logicalId];
      const made = await changeSets.describe(nested);
      if (isEmpty(made)) return [];
      const text = nestedTemplate(path);
      const below = parsed(text ?? '{}');
      const isSame = text !== undefined && isDeepStrictEqual(parsed(await changeSets.template(nested)), below);
      const passed = passedTo(template.Resources?.[logicalId]?.Properties, new Set(changing));
      const isSettled = action !== 'Add' && [...changingParameters(stack, path), ...passed].length === 0;
      return [
        ...(isSame ? [] : [`the template of ${path.join('/')} is not that of the plan`]),
        ...(await this.rewritten(made, below, isSettled)).map((problem) => `${path.join('/')}: ${problem}`),
        ...nestedInputDivergences(stack, path, below, made.parameters),
        ...changeDivergences(stack, made.changes, isStateful, path, passed),
        ...(await this.nestedDivergences(made, below, path)),
      ];
    });
    return (await Promise.all(found)).flat();
  }

  /**
   * @param original template of the bundle
   * @param isSettled whether the stack is there, and its parameters keep their values
   */
  private async rewritten({ id, stackId, changes }: MadeChangeSet, original: ParsedTemplate, isSettled: boolean): Promise<string[]> {
    if (!isRewritten(original)) return [];
    const processed = parsed(await this.props.changeSets.template(id, 'Processed'));
    const deployed = isSettled ? await this.deployedTemplate(stackId) : undefined;
    return processedDivergences({ original, processed }, new Set(changes.map(({ logicalId }) => logicalId)), deployed);
  }

  private async deployedTemplate(stackId: string): Promise<ProcessedTemplate | undefined> {
    const { stacks } = this.props;
    const [original, processed] = await Promise.all([stacks.template(stackId), stacks.template(stackId, 'Processed')]);
    return original === undefined || processed === undefined ? undefined : { original: parsed(original), processed: parsed(processed) };
  }

  private async execute(changeSet: MadeChangeSet): Promise<void> {
    const { stack, changeSets, token } = this.props;
    try {
      await changeSets.execute(changeSet.id, token);
    } catch (error) {
      if (await this.hasBegun(changeSet, error)) return;
      throw error instanceof Fault
        ? error
        : new Fault(APPLY_FAULTS.stackBusy, { received: `${stack.name} (${(error as Error).message.replace(/\.$/, '')})` });
    }
    this.say('change set executes');
  }

  /**
   * An answer may be what was lost, and a refusal that of the second request: whether it is executed all the same, its events tell, and
   * its status. Only an answer after which it can be deleted says that it is not.
   */
  private async hasBegun({ id, stackId }: MadeChangeSet, error: unknown): Promise<boolean> {
    const { stack, changeSets, token } = this.props;
    try {
      const { value: newest } = await changeSets.events(stackId).next();
      if (newest?.token === token) return true;
      const status = (await changeSets.executionStatus(id)) ?? 'gone';
      if (BEGUN.includes(status)) return true;
      if (isAnswer(error) && status !== 'EXECUTE_FAILED') {
        await changeSets.discard(id);
        return false;
      }
    } catch {
      // Nothing is certain: the refusal is what is reported.
    }
    throw new UnclearError(stack.name, error);
  }

  /** Pass on the events until CloudFormation has ended. */
  private async ended(stackId: string): Promise<string> {
    const { stack, stacks, changeSetName } = this.props;
    const failures: OwnedEvent[] = [];
    const seen = new Set<string>();
    let status = '';
    try {
      await untilDone(async () => {
        status = (await this.patiently(() => stacks.find(stackId)))?.status ?? 'DELETE_COMPLETE';
        for (const event of await this.patiently(() => this.newEvents(stackId, seen))) {
          seen.add(event.id);
          if (isFailure(event, stackId)) failures.push(event);
          this.say([event.status, event.type, event.logicalId, ...(event.reason ? [`(${event.reason})`] : [])].join(' '));
        }
        return !status.endsWith('_IN_PROGRESS');
      });
      if (DEPLOYED.has(status)) return status;
      const outcome = { id: stackId, status, changeSet: changeSetName, isTouched: true };
      throw new RolledBackError(outcome, `${stack.name} ended as ${status} (${await this.reason(failures)})`);
    } catch (error) {
      throw error instanceof RolledBackError ? error : new UnclearError(stack.name, error);
    }
  }

  /** Those of this operation that are not `seen`, oldest first. */
  private async newEvents(stackId: string, seen: ReadonlySet<string>): Promise<OwnedEvent[]> {
    const found: OwnedEvent[] = [];
    for await (const event of this.props.changeSets.events(stackId)) {
      if (event.token !== this.props.token || seen.has(event.id)) break;
      found.unshift(event);
    }
    return found;
  }

  private async patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isPassing(error) || this.props.lost.aborted) throw error;
        this.say(`no answer yet (${(error as Error).message})`);
        await sleep(RETRY_MS);
      }
    }
  }

  /** The resource that failed of itself; in a nested stack, the one in there. */
  private async reason(failures: readonly OwnedEvent[]): Promise<string> {
    const cause = rootCause(failures);
    if (!cause) return 'CloudFormation gave no reason';
    if (cause.type === NESTED_STACK && cause.physicalId) {
      const inner: OwnedEvent[] = [];
      for await (const event of this.props.changeSets.events(cause.physicalId)) {
        if (isFailure(event, cause.physicalId)) inner.unshift(event);
        // What failed before that was of another operation.
        if (event.physicalId === cause.physicalId && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(event.status)) break;
      }
      if (inner.length > 0) return `${cause.logicalId}/${await this.reason(inner)}`;
    }
    return `${cause.type} ${cause.logicalId}: ${(cause.reason ?? 'no reason given').replace(/\s+/g, ' ').replace(/\.$/, '')}`;
  }

  /** Set the termination protection of the plan. */
  public async protect(): Promise<void> {
    const { stack, stacks } = this.props;
    const now = await stacks.find(stack.name);
    if (!now || now.terminationProtection === stack.terminationProtection) return;
    await this.asFault(APPLY_FAULTS.changeSetFailed, () => stacks.protect(stack.name, stack.terminationProtection));
    this.say(`termination protection is ${stack.terminationProtection ? 'on' : 'off'}`);
  }

  /**
   * Delete a change set. The empty stack that one of a new stack leaves stays, and the next one is made in it: a deletion of stacks takes
   * no fencing number, and would also take what a later holder of the lock has made of it.
   */
  private async withdraw({ id }: MadeChangeSet): Promise<void> {
    try {
      await this.props.changeSets.discard(id);
    } catch (error) {
      this.say(`the change set could not be deleted (${(error as Error).message}): whoever takes the lock next deletes it`);
    }
  }

  private say(line: string): void {
    this.props.tell(`${this.props.stack.name}: ${line}`);
  }
}

type ParsedTemplate = Template &
  JsonObject & {
    readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown } | undefined>>;
  };

function parsed(text: string): ParsedTemplate {
  return JSON.parse(text) as ParsedTemplate;
}

/** Of a resource: a stack that cannot be taken back has an event of its own, which names no cause. */
function isFailure({ status, physicalId }: OwnedEvent, stackId: string): boolean {
  return status.endsWith('_FAILED') && physicalId !== stackId;
}

function isPassing(error: unknown): boolean {
  return error instanceof Fault && PASSING.includes(error.code);
}
