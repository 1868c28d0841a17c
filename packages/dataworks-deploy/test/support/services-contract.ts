/** What the services promise, as a table of operations: the model in memory and the real servers have to answer the same. */
import type { LockItems, Objects, OwnItem } from '../../src/lock/lock-services';

export const OURS: OwnItem = { info: '{"ID":"a"}', lease: 60, heartbeat: 0, job: 'https://ci/1', stacks: ['eu-central-1/lake'] };
export const OTHER: OwnItem = { info: '{"ID":"b"}', lease: 60, heartbeat: 0 };
/** Terraform's. */
export const THEIRS: OwnItem = { info: '{"ID":"t"}' };

type Step<T> = readonly [what: string, call: (on: T) => Promise<unknown>, answer: unknown];

export const ITEM_STEPS: ReadonlyArray<Step<LockItems>> = [
  ['nothing is there', (on) => on.read(), undefined],
  ['no heartbeat makes an item', (on) => on.renew(OURS.info, 1), false],
  ['nothing to delete', (on) => on.remove(OURS.info), false],
  ['nothing to delete, of whoever', (on) => on.remove(undefined), false],
  ['nothing to replace', (on) => on.replace(OURS, OTHER), false],
  ['still nothing', (on) => on.read(), undefined],
  ['the first takes it', (on) => on.create(OURS), undefined],
  ['the second learns who has it', (on) => on.create(OTHER), OURS],
  ['so does the first, of itself', (on) => on.create(OURS), OURS],
  ['it is read as it was written', (on) => on.read(), OURS],
  ['a heartbeat with the fencing number', (on) => on.renew(OURS.info, 1, 7), true],
  ['which leave the rest as it was', (on) => on.read(), { ...OURS, heartbeat: 1, fence: 7 }],
  ['a heartbeat', (on) => on.renew(OURS.info, 2), true],
  ['the same once more', (on) => on.renew(OURS.info, 2), true],
  ['one from before turns nothing back', (on) => on.renew(OURS.info, 1), false],
  ["somebody else's heartbeat", (on) => on.renew(OTHER.info, 3), false],
  ['which changed nothing', (on) => on.read(), { ...OURS, heartbeat: 2, fence: 7 }],
  ['no replacement after a heartbeat', (on) => on.replace(OTHER, { ...OURS, heartbeat: 1 }), false],
  ["no replacement of somebody else's", (on) => on.replace(OTHER, { ...OTHER, heartbeat: 2 }), false],
  ['no replacement of one without a heartbeat', (on) => on.replace(OTHER, { info: OURS.info }), false],
  ['a replacement of what was seen', (on) => on.replace(OTHER, { ...OURS, heartbeat: 2 }), true],
  ['which leaves nothing of what was there', (on) => on.read(), OTHER],
  ['the one before deletes nothing', (on) => on.remove(OURS.info), false],
  ['nor does whoever wrote nothing', (on) => on.remove(undefined), false],
  ['the holder deletes it', (on) => on.remove(OTHER.info), true],
  ['once', (on) => on.remove(OTHER.info), false],
  ["Terraform's has none of our attributes", (on) => on.create(THEIRS), undefined],
  ['and is read so', (on) => on.read(), THEIRS],
  ['and is replaced only as such', (on) => on.replace(OURS, { ...THEIRS, heartbeat: 0 }), false],
  ['and deleted', (on) => on.remove(THEIRS.info), true],
  ['the counter begins with 1', (on) => counted(on, []), { fence: 1, stacks: [] }],
  [
    'and counts, and remembers stacks',
    (on) => counted(on, ['eu-central-1/lake', 'eu-central-1/lake']),
    { fence: 2, stacks: ['eu-central-1/lake'] },
  ],
  ['those of every holder', (on) => counted(on, ['eu-central-1/audit']), { fence: 3, stacks: ['eu-central-1/audit', 'eu-central-1/lake'] }],
  ['also of one who has none', (on) => counted(on, []), { fence: 4, stacks: ['eu-central-1/audit', 'eu-central-1/lake'] }],
  ['forgets them for nobody but who counted last', (on) => on.forgetStacks(3), undefined],
  ['so that they are still there', (on) => counted(on, []), { fence: 5, stacks: ['eu-central-1/audit', 'eu-central-1/lake'] }],
  ['and for that one', (on) => on.forgetStacks(5), undefined],
  ['for ever', (on) => counted(on, ['eu-central-1/lake']), { fence: 6, stacks: ['eu-central-1/lake'] }],
  ['is raised', (on) => on.raiseFence(9), undefined],
  ['never turned back', (on) => on.raiseFence(3), undefined],
  ['and counts on from there', (on) => counted(on, []), { fence: 10, stacks: ['eu-central-1/lake'] }],
  ['and is no lock', (on) => on.read(), undefined],
];

/** A set has no order. */
async function counted(on: LockItems, stacks: readonly string[]): Promise<unknown> {
  const answer = await on.nextFence(stacks);
  return { ...answer, stacks: [...answer.stacks].sort() };
}

/** ETags differ from server to server: `$first` stands for the one that the first write got. */
export const OBJECT_STEPS: ReadonlyArray<Step<Objects & { readonly etags: string[] }>> = [
  ['nothing is there', (on) => on.read('a/b'), undefined],
  ['nothing to replace', (on) => on.replace('a/b', 'x', '"0"'), undefined],
  ['nothing to delete', (on) => on.remove('a/b', '"0"'), false],
  ['the first writes it', async (on) => on.etags.push((await on.create('a/b', '{"n":1}'))!), 1],
  ['the second does not', (on) => on.create('a/b', 'two'), undefined],
  ['it is read as it was written', async (on) => (await on.read('a/b'))?.text, '{"n":1}'],
  ['with its ETag', async (on) => (await on.read('a/b'))?.etag === on.etags[0], true],
  ['a longer key is another object', (on) => on.read('a/'), undefined],
  ['and so is a shorter one', (on) => on.read('a/b.json'), undefined],
  ['no replacement of another one', (on) => on.replace('a/b', 'two', '"00000000000000000000000000000000"'), undefined],
  ['a replacement', async (on) => on.etags.push((await on.replace('a/b', 'two – ü', on.etags[0]))!), 2],
  ['which has another ETag', (on) => Promise.resolve(on.etags[0] === on.etags[1]), false],
  ['no second one of the same', (on) => on.replace('a/b', 'three', on.etags[0]), undefined],
  ['it is what was written', async (on) => (await on.read('a/b'))?.text, 'two – ü'],
  ['a deletion of the one before', (on) => on.remove('a/b', on.etags[0]), false],
  ['others beside it', async (on) => typeof (await on.create('a/c', '1')), 'string'],
  ['and elsewhere', async (on) => typeof (await on.create('b', '1')), 'string'],
  ['keys in their order', (on) => on.keys('a/'), ['a/b', 'a/c']],
  ['a deletion', (on) => on.remove('a/b', on.etags[1]), true],
  ['it is gone', (on) => on.read('a/b'), undefined],
  ['from the keys too', (on) => on.keys('a/'), ['a/c']],
  ['and can be written again', async (on) => typeof (await on.create('a/b', '{"n":1}')), 'string'],
];

/** What a server answered to each step, beside what it should have. */
export async function answers<T>(steps: ReadonlyArray<Step<T>>, on: T): Promise<{ readonly got: unknown[]; readonly expected: unknown[] }> {
  const got: unknown[] = [];
  for (const [what, call] of steps) got.push([what, await call(on)]);
  return { got, expected: steps.map(([what, , answer]) => [what, answer]) };
}

/** Of many who take the same thing at once, how many are told that they have it. */
export async function winners(count: number, take: (number: number) => Promise<boolean>): Promise<number> {
  const results = await Promise.all(Array.from({ length: count }, (_, number) => take(number)));
  return results.filter(Boolean).length;
}
