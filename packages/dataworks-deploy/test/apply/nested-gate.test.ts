/** The gate of nested stacks, as a deployment passes it: every change set below that of the stack. */
import { StackDeployment } from '../../src/apply/stack-deployment';
import type { ChangeSets, OwnedEvent, MadeChange, MadeChangeSet, MadeParameter } from '../../src/aws/change-sets';
import type { DeployedStack, Stacks } from '../../src/aws/cloudformation';
import type { PlannedStack } from '../../src/plan/plan';
import { change, deployedState, plannedStack } from '../support/planned';

const NESTED_STACK = 'AWS::CloudFormation::Stack';

const ROLE = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Ref: 'P' } } };
const INNERMOST = { Parameters: { P: { Type: 'String' } }, Resources: { Role: ROLE } };
const INNER = {
  Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x/principal' } },
  Resources: { Role: ROLE, Below: { Type: NESTED_STACK, Properties: { Parameters: { P: { 'Fn::GetAtt': ['Topic', 'TopicArn'] } } } } },
};
const OUTER = { Resources: { Inner: { Type: NESTED_STACK, Properties: {} } } };
const TEMPLATES: Readonly<Record<string, object>> = { outer: OUTER, Inner: INNER, 'Inner/Below': INNERMOST };

const nestedChange = (logicalId: string, nested: string): MadeChange => ({
  logicalId,
  type: NESTED_STACK,
  action: 'Modify',
  replacement: 'False',
  nested,
  details: [{ attribute: 'Properties', name: 'TemplateURL', evaluation: 'Dynamic', source: 'Automatic' }],
});
const roleChange: MadeChange = {
  logicalId: 'Role',
  type: 'AWS::IAM::Role',
  action: 'Modify',
  replacement: 'False',
  details: [{ attribute: 'Properties', name: 'AssumeRolePolicyDocument', evaluation: 'Static', source: 'ParameterReference', cause: 'P' }],
};

/** What CloudFormation would do: by path of the stack. */
interface Proposal extends Partial<Pick<MadeChangeSet, 'status' | 'reason'>> {
  readonly changes: readonly MadeChange[];
  readonly parameters?: Readonly<Record<string, MadeParameter>>;
  /** By default that of the bundle. */
  readonly template?: object;
  /** As the transforms leave it. */
  readonly processed?: object;
  /** What is deployed, as the transforms left it; nothing by default. Its original is that of the bundle. */
  readonly deployed?: object;
}

async function deployed(
  planned: Partial<PlannedStack>,
  proposals: Readonly<Record<string, Proposal>>,
  templates: Readonly<Record<string, object | undefined>> = TEMPLATES,
): Promise<string[]> {
  const executed: string[] = [];
  const made = (id: string): MadeChangeSet => ({
    id,
    stackId: id === 'outer' ? deployedState().stackId : `arn:stack/${id}`,
    status: 'CREATE_COMPLETE',
    reason: '',
    parameters: {},
    tags: {},
    capabilities: [],
    ...proposals[id],
  });
  const changeSets: Pick<ChangeSets, 'make' | 'describe' | 'template' | 'discard' | 'execute' | 'events'> = {
    make: () => Promise.resolve(made('outer')),
    describe: (id) => Promise.resolve(made(id)),
    template: (id, stage) =>
      Promise.resolve(JSON.stringify((stage === 'Processed' && proposals[id].processed) || (proposals[id].template ?? templates[id]))),
    discard: () => Promise.resolve(),
    execute: (id) => Promise.resolve(void executed.push(id)),
    events: () => nothing(),
  };
  const found = { id: deployedState().stackId, status: 'UPDATE_COMPLETE', terminationProtection: false } as DeployedStack;
  const stacks: Partial<Stacks> = {
    find: () => Promise.resolve(found),
    template: (stackId, stage) => {
      const id = Object.keys(proposals).find((one) => made(one).stackId === stackId)!;
      const { deployed: processed } = proposals[id];
      return Promise.resolve(processed && JSON.stringify(stage === 'Processed' ? processed : templates[id]));
    },
  };
  await new StackDeployment({
    stack: plannedStack(planned),
    template: JSON.stringify(templates.outer),
    nestedTemplate: (nested) => JSON.stringify(templates[nested.join('/')]),
    changeSets: changeSets as ChangeSets,
    stacks: stacks as Stacks,
    publish: () => Promise.resolve(),
    changeSetName: 'dataworks-9-abababababab',
    token: 'token',
    isStateful: () => false,
    mayGoOn: () => Promise.resolve(),
    lost: new AbortController().signal,
    tell: () => {},
  }).run();
  return executed;
}

const inner = (resolved: string, ...changes: readonly MadeChange[]) => ({
  outer: { changes: [nestedChange('Inner', 'Inner')] },
  Inner: { changes, parameters: { P: { value: '/x/principal', resolved } } },
});
const known = (changedParameters: readonly string[], value = 'root') => [
  { nested: ['Inner'], parameters: {}, ssmParameters: { P: { name: '/x/principal', value } }, changedParameters },
];

test('a value of the parameter store that changed since the plan is refused, with what it changes', async () => {
  const proposal = inner('*', roleChange);
  await expect(deployed({ nestedParameters: known([]) }, proposal)).rejects.toMatchObject({
    code: 'DW3308',
    received: expect.stringMatching(
      /Inner: parameter P \(\/x\/principal of the parameter store\) is \*, planned was root; AWS::IAM::Role Inner\/Role: modify is not in the plan/,
    ) as string,
  });
});

test('the value of the plan is executed, with what it changes', async () => {
  expect(await deployed({ nestedParameters: known(['P'], '*') }, inner('*', roleChange))).toEqual(['outer']);
});

test('a parameter of the innermost stack explains a change when it is passed something of a planned one, and only then', async () => {
  const proposal = {
    ...inner('root', nestedChange('Below', 'Inner/Below')),
    'Inner/Below': { changes: [roleChange], parameters: { P: { value: 'known later' } } },
  };
  const topic = change('Topic', 'AWS::SNS::Topic', { nested: ['Inner'] });
  expect(await deployed({ nestedParameters: known([]), changes: [topic] }, proposal)).toEqual(['outer']);
  for (const changes of [[], [{ ...topic, nested: [] }]]) {
    await expect(deployed({ nestedParameters: known([]), changes }, proposal)).rejects.toMatchObject({ code: 'DW3308' });
  }
});

test('it also explains one when it is passed something of a nested stack beside it, which has a gate of its own', async () => {
  const proposal = {
    ...inner('root', nestedChange('Below', 'Inner/Below'), nestedChange('Topic', 'Inner/Topic')),
    'Inner/Below': { changes: [roleChange], parameters: { P: { value: 'known later' } } },
    'Inner/Topic': { changes: [] },
  };
  expect(await deployed({ nestedParameters: known([]) }, proposal, { ...TEMPLATES, 'Inner/Topic': { Resources: {} } })).toEqual(['outer']);
});

test('another template than that of the bundle is refused, also an empty one where the bundle has none', async () => {
  const proposal = (template: object) => ({ ...inner('root'), Inner: { changes: [], parameters: {}, template } });
  const refusal = { code: 'DW3308', received: expect.stringContaining('the template of Inner is not that of the plan') as string };
  await expect(deployed({}, proposal({ ...INNER, Resources: {} }))).rejects.toMatchObject(refusal);
  await expect(deployed({}, proposal({}), { ...TEMPLATES, Inner: undefined })).rejects.toMatchObject(refusal);
});

test('of a nested stack in which nothing changes nothing is asked', async () => {
  const empty = { status: 'FAILED', reason: "The submitted information didn't contain changes.", template: {} };
  expect(await deployed({}, { ...inner('root'), Inner: { changes: [], ...empty } })).toEqual(['outer']);
});

describe('an added role whose trust a transform of the account rewrites on its way', () => {
  const widened = (template: object) => JSON.parse(JSON.stringify(template).replace('{"Ref":"P"}', '"*"')) as object;
  const OUTER_WITH_ROLE = {
    ...OUTER,
    Transform: 'Widener',
    Parameters: INNERMOST.Parameters,
    Resources: { ...OUTER.Resources, Role: ROLE },
  };
  const addition = { ...roleChange, action: 'Add', details: [] };
  const { Inner } = inner('root');
  const proposal = {
    outer: { changes: [addition, nestedChange('Inner', 'Inner')], parameters: { P: { value: 'p' } } },
    Inner: { ...Inner, changes: [addition] },
  };
  const planned = {
    parameters: { P: 'p' },
    nestedParameters: known([]),
    changes: [[], ['Inner']].map((nested) => change('Role', 'AWS::IAM::Role', { action: 'add', nested })),
  };

  test.each<[string, Record<string, object>, Record<string, object>, RegExp]>([
    [
      'in the stack',
      { outer: OUTER_WITH_ROLE },
      { outer: widened(OUTER_WITH_ROLE) },
      /\(a transform makes something else of Resources\/Role\)/,
    ],
    [
      'in a nested stack',
      { outer: OUTER_WITH_ROLE, Inner: { ...INNER, Transform: 'Widener' } },
      { outer: OUTER_WITH_ROLE, Inner: widened({ ...INNER, Transform: 'Widener' }) },
      /\(Inner: a transform makes something else of Resources\/Role\)/,
    ],
  ])('is refused %s', async (_, templates, processed, received) => {
    const all = { ...TEMPLATES, ...templates };
    expect(await deployed(planned, proposal, all)).toEqual(['outer']);
    const made = (id: 'Inner' | 'outer') => ({ ...proposal[id], processed: { ...all, ...processed }[id] });
    const refused = deployed(planned, { outer: made('outer'), Inner: made('Inner') }, all);
    await expect(refused).rejects.toMatchObject({ code: 'DW3308', received: expect.stringMatching(received) as string });
  });
});

describe('a role that a transform has changed when it was deployed', () => {
  const bounded = (template: { readonly Resources: object }) => ({
    ...template,
    Resources: { ...template.Resources, Role: { ...ROLE, Properties: { ...ROLE.Properties, PermissionsBoundary: 'b' } } },
  });
  const OUTER_WITH_ROLE = {
    ...OUTER,
    Transform: 'Bounder',
    Parameters: INNERMOST.Parameters,
    Resources: { ...OUTER.Resources, Role: ROLE },
  };
  const INNER_WITH_ROLE = { ...INNER, Transform: 'Bounder' };
  const all = { ...TEMPLATES, outer: OUTER_WITH_ROLE, Inner: INNER_WITH_ROLE };
  const tagged = {
    ...roleChange,
    details: [{ attribute: 'Tags', recreation: 'Never', evaluation: 'Static', source: 'DirectModification' }],
  };
  const { Inner } = inner('root');
  const planned = {
    parameters: { P: 'p' },
    nestedParameters: known([]),
    otherChanges: [{ what: 'tags' as const, names: ['owner'] }],
  };
  const proposal = (made: object = {}, madeInner: object = {}) => ({
    outer: {
      changes: [tagged, nestedChange('Inner', 'Inner')],
      parameters: { P: { value: 'p' } },
      processed: bounded(OUTER_WITH_ROLE),
      deployed: bounded(OUTER_WITH_ROLE),
      ...made,
    },
    Inner: { ...Inner, changes: [tagged], processed: bounded(INNER_WITH_ROLE), deployed: bounded(INNER_WITH_ROLE), ...madeInner },
  });
  const refusal = (what: RegExp) => ({ code: 'DW3308', received: expect.stringMatching(what) as string });

  test('is tagged as it is, in the stack and in a nested one', async () => {
    expect(await deployed(planned, proposal(), all)).toEqual(['outer']);
  });

  test('is refused when the transform makes something else of it now', async () => {
    await expect(deployed(planned, proposal({ deployed: OUTER_WITH_ROLE }), all)).rejects.toMatchObject(
      refusal(/\(a transform makes something else of Resources\/Role\/Properties\/PermissionsBoundary than before\)/),
    );
    await expect(deployed(planned, proposal({}, { deployed: INNER_WITH_ROLE }), all)).rejects.toMatchObject(
      refusal(/\(Inner: a transform makes something else of Resources\/Role\/Properties\/PermissionsBoundary than before\)/),
    );
  });

  test('is refused when parameters get other values: nobody sees what becomes of a text that stays', async () => {
    await expect(deployed({ ...planned, changedParameters: ['P'] }, proposal(), all)).rejects.toMatchObject(
      refusal(/\(a transform makes something else of Resources\/Role\)/),
    );
    await expect(deployed({ ...planned, nestedParameters: known(['P']) }, proposal(), all)).rejects.toMatchObject(
      refusal(/\(Inner: a transform makes something else of Resources\/Role\)/),
    );
    const passing = { Inner: { Type: NESTED_STACK, Properties: { Parameters: { P: { Ref: 'Topic' } } } } };
    const outer = { ...OUTER_WITH_ROLE, Resources: { ...OUTER_WITH_ROLE.Resources, ...passing } };
    const made = { processed: bounded(outer), deployed: bounded(outer) };
    const changes = [change('Topic', 'AWS::SNS::Topic')];
    await expect(deployed({ ...planned, changes }, proposal(made), { ...all, outer })).rejects.toMatchObject(
      refusal(/\(Inner: a transform makes something else of Resources\/Role\)/),
    );
  });

  test('of a stack that is not there yet, nothing is asked', async () => {
    const added = [nestedChange('Inner', 'Inner')].map((one) => ({ ...one, action: 'Add' }));
    const changes = [change('Inner', NESTED_STACK, { action: 'add' })];
    await expect(deployed({ ...planned, changes }, proposal({ changes: added }), all)).rejects.toMatchObject(
      refusal(/\(Inner: a transform makes something else of Resources\/Role\)/),
    );
    await expect(deployed({ ...planned, deployed: undefined }, proposal(), all)).rejects.toMatchObject(
      refusal(/\(a transform makes something else of Resources\/Role\)/),
    );
  });
});

test('a nested stack without a change set is refused', async () => {
  const changes = [{ ...nestedChange('Inner', ''), nested: undefined }];
  await expect(deployed({ nestedParameters: known([]) }, { outer: { changes } })).rejects.toMatchObject({ code: 'DW3308' });
});

async function* nothing(): AsyncGenerator<OwnedEvent, undefined> {
  await Promise.resolve();
  return undefined;
}
