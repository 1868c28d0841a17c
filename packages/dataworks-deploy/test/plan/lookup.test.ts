import { lookups } from '../../src/plan/lookup';

/** Look-ups that write down what they are asked. */
function world() {
  const asked: string[] = [];
  const note = (what: string) => {
    asked.push(what);
    return Promise.resolve(undefined);
  };
  const lookupIn = lookups({
    session: (roleArn, region) => note(`assume ${roleArn} in ${region}`),
    open: (region) => ({
      stacks: {
        state: (stack) => note(`state of ${stack} in ${region}`),
        template: (stack) => note(`template of ${stack} in ${region}`),
        nestedStacks: () => Promise.resolve({}),
      },
      parameters: { values: () => Promise.resolve({}) },
    }),
  });
  return { asked, lookupIn };
}

test('a role is assumed once, and what was read of a stack ahead of time is not read again', async () => {
  const { asked, lookupIn } = world();
  const [ahead, later] = await Promise.all([lookupIn('eu-central-1', 'role'), lookupIn('eu-central-1', 'role')]);
  await Promise.all([ahead.stacks.state('lake'), ahead.stacks.template('lake')]);
  await Promise.all([later.stacks.state('lake'), later.stacks.template('lake'), later.stacks.state('audit')]);
  expect(asked).toEqual([
    'assume role in eu-central-1',
    'state of lake in eu-central-1',
    'template of lake in eu-central-1',
    'state of audit in eu-central-1',
  ]);
});

test('stacks of the same name in two regions are two', async () => {
  const { asked, lookupIn } = world();
  for (const region of ['eu-central-1', 'us-east-1']) await (await lookupIn(region)).stacks.state('lake');
  expect(asked).toEqual(['state of lake in eu-central-1', 'state of lake in us-east-1']);
});
