import { resourcesOf, stackStatus, type StackDrift } from './drift';
import type { Stacks } from '../aws/cloudformation';
import type { Detection, DriftDetection } from '../aws/drift-detection';
import { untilDone } from '../aws/until-done';
import { NESTED_STACK } from '../plan/template/nested-templates';
import type { RecordedStack } from '../record/record';

export interface DriftSource {
  readonly stacks: Pick<Stacks, 'find' | 'resources'>;
  readonly detection: Pick<DriftDetection, 'begin' | 'detection' | 'resources'>;
}

/** A stack that has to be there. */
interface Expected {
  readonly name: string;
  readonly region: string;
  readonly id: string;
  readonly nested: readonly string[];
}

/**
 * Compare the stacks of a record and their nested stacks with what is there, side by side; each is followed by its nested stacks.
 *
 * @param sourceIn CloudFormation in a region
 */
export async function driftOf(
  recorded: readonly RecordedStack[],
  sourceIn: (region: string) => DriftSource,
  tell: (line: string) => void,
): Promise<StackDrift[]> {
  const expected = recorded.flatMap(({ name, region, id }) => (id === undefined ? [] : [{ name, region, id, nested: [] }]));
  return (await Promise.all(expected.map((stack) => stackDrift(stack, sourceIn(stack.region), tell)))).flat();
}

async function stackDrift(stack: Expected, source: DriftSource, tell: (line: string) => void): Promise<StackDrift[]> {
  const { name, region, id, nested } = stack;
  const base = { name, region, nested };
  // By its name: one that was deleted and made again has another id. A nested stack has a name that nobody else thinks of.
  const found = await source.stacks.find(name);
  if (!found) return [{ ...base, status: 'DELETED', resources: [] }];
  const note = found.id === id ? {} : { note: `another stack than the one that was applied: it was deleted and made again (${found.id})` };
  const detection = await detected(found.id, name, source, tell);
  if ('refusal' in detection) {
    const result = { ...base, ...note, problem: detection.refusal, resources: [] };
    return [{ ...result, status: stackStatus(result) }];
  }
  const [all, drifts] = await Promise.all([source.stacks.resources(found.id), source.detection.resources(found.id)]);
  const { failure } = detection;
  const result = { ...base, ...note, ...(failure !== undefined && { problem: failure }), resources: resourcesOf(all, drifts, detection) };
  const own: StackDrift = { ...result, status: stackStatus(result) };
  tell(`Checked ${name}: ${own.status}.`);
  const below = all.flatMap(({ type, logicalId, physicalId }): Expected[] =>
    type === NESTED_STACK && physicalId !== undefined
      ? [{ name: nameIn(physicalId), region, id: physicalId, nested: [...nested, logicalId] }]
      : [],
  );
  return [own, ...(await Promise.all(below.map((inner) => stackDrift(inner, source, tell)))).flat()];
}

/** Let CloudFormation compare a stack, after whatever comparison of it is under way. */
async function detected(
  id: string,
  name: string,
  { detection }: DriftSource,
  tell: (line: string) => void,
): Promise<Detection | { readonly refusal: string }> {
  tell(`Checking ${name} …`);
  let begun = await detection.begin(id);
  if (begun === 'under way') {
    tell(`${name}: somebody else checks it at the same time; waiting for that …`);
    await untilDone(async () => {
      begun = await detection.begin(id);
      return begun !== 'under way';
    });
  }
  if (begun === 'under way' || 'refusal' in begun) return begun as { readonly refusal: string };
  const { id: detectionId } = begun;
  let last: Detection | undefined;
  await untilDone(async () => {
    last = await detection.detection(detectionId);
    return last.isDone;
  });
  return last!;
}

/** `arn:…:stack/<name>/<uuid>` */
function nameIn(stackId: string): string {
  return stackId.split('/')[1];
}
