import { sha256 } from '../../../src/plan/digest';
import type { Plan } from '../../../src/plan/plan';
import { assemblyWith, deployedWith, draftOf, TARGET, type DeployedSource, type StackSource } from '../../support/plans';

type Sections = Readonly<Record<string, object>>;

async function planOf(
  before: Sections,
  after: Sections,
  more: { source?: Partial<StackSource>; deployed?: Partial<DeployedSource> } = {},
): Promise<Omit<Plan, 'digest'>> {
  const assembly = assemblyWith({ lake: { template: { Resources: {}, ...after }, ...more.source } });
  return (await draftOf(assembly, deployedWith({ lake: { template: { Resources: {}, ...before }, ...more.deployed } }))).plan;
}

const changesIn = ({ stacks }: Pick<Plan, 'stacks'>) =>
  stacks[0].changes.map(({ action, logicalId, properties }) => [action, logicalId, ...properties].join(' '));

const topic = (DisplayName: unknown, more: object = {}) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName }, ...more });
const bucket = (Condition: string) => ({ Type: 'AWS::S3::Bucket', Condition });
const REGION = { Ref: 'AWS::Region' };

test('another value of a mapping changes what reads it', async () => {
  const found = { 'Fn::FindInMap': ['Sizes', REGION, 'Name'] };
  const template = (Name: string, elsewhere: string) => ({
    Mappings: { Sizes: { [TARGET.region]: { Name }, 'us-east-1': { Name: elsewhere } } },
    Resources: { T: topic(found), S: { Type: 'AWS::S3::Bucket', Properties: { BucketName: found } } },
  });
  const plan = await planOf(template('a', 'x'), template('b', 'x'));
  expect(changesIn(plan)).toEqual(['modify S /Properties/BucketName', 'modify T /Properties/DisplayName']);
  expect(plan.risks).toEqual([
    expect.objectContaining({ kind: 'statefulLoss', logicalId: 'S', reason: expect.stringMatching(/^is /) as string }),
  ]);
  expect(changesIn(await planOf(template('a', 'x'), template('a', 'y')))).toEqual([]);
});

describe('a condition', () => {
  const equals = (one: unknown, other: unknown) => ({ 'Fn::Equals': [one, other] });
  const TRUE = equals('a', 'a');
  const FALSE = equals('a', 'b');

  test('that is edited adds and removes what it is of, and a removal that loses data is a risk', async () => {
    const template = (On: object) => ({
      Conditions: { On, Off: { 'Fn::Not': [{ Condition: 'On' }] } },
      Resources: { A: bucket('On'), B: bucket('Off') },
    });
    const plan = await planOf(template(TRUE), template(FALSE));
    expect(changesIn(plan)).toEqual(['remove A', 'add B']);
    expect(plan.risks.map(({ kind, logicalId }) => [kind, logicalId])).toEqual([['statefulLoss', 'A']]);
    expect(changesIn(await planOf(template(TRUE), template(equals(1, '1'))))).toEqual([]);
  });

  test('chooses branches, also of nothing', async () => {
    const template = (On: object) => ({
      Conditions: { On },
      Resources: { A: topic({ 'Fn::If': ['On', 'a', { Ref: 'AWS::NoValue' }] }), B: topic({ 'Fn::If': ['On', 'same', 'same'] }) },
    });
    expect(changesIn(await planOf(template(FALSE), template(TRUE)))).toEqual(['modify A /Properties/DisplayName']);
  });

  test('that holds is as if it were not there, in lists too', async () => {
    const items = (...more: unknown[]) => ({ Resources: { A: topic(['a', ...more]), B: { Type: 'AWS::S3::Bucket' } } });
    const conditional = (On: object) => ({
      Conditions: { On },
      Resources: { A: topic(['a', { 'Fn::If': ['On', 'b', { Ref: 'AWS::NoValue' }] }]), B: { Type: 'AWS::S3::Bucket' } },
    });
    expect(changesIn(await planOf(conditional(TRUE), items('b')))).toEqual([]);
    expect(changesIn(await planOf(conditional(FALSE), items()))).toEqual([]);
    expect(
      changesIn(
        await planOf({ Conditions: { On: TRUE }, Resources: { A: bucket('On') } }, { Resources: { A: { Type: 'AWS::S3::Bucket' } } }),
      ),
    ).toEqual([]);
  });

  test('that does not hold keeps a resource out of a new stack, and an output out of any', async () => {
    const template = (On: object) => ({
      Conditions: { On },
      Resources: { A: bucket('On'), B: topic('b') },
      Outputs: { O: { Condition: 'On', Value: 'x' } },
    });
    const { plan } = await draftOf(assemblyWith({ lake: { template: template(FALSE) } }), deployedWith({}));
    expect(changesIn(plan)).toEqual(['add B']);
    const { stacks } = await planOf(template(FALSE), template(TRUE));
    expect(stacks[0].otherChanges).toContainEqual({ what: 'outputs', names: ['O'] });
  });

  test('follows the value of a parameter', async () => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: { On: equals({ Ref: 'Stage' }, 'prod') },
      Resources: { A: bucket('On') },
    };
    const deployed = { parameters: { Stage: 'dev' } };
    const given = (Stage: string) => ({ deployed, source: { properties: { parameters: { Stage } } } });
    expect(changesIn(await planOf(template, template, given('prod')))).toEqual(['add A']);
    expect(changesIn(await planOf(template, template, given('test')))).toEqual([]);
    expect(changesIn(await planOf(template, template, { deployed }))).toEqual([]);
  });

  test.each<[string, object, boolean]>([
    ['and', { 'Fn::And': [TRUE, { Condition: 'Yes' }] }, true],
    ['and, of which one does not hold', { 'Fn::And': [TRUE, FALSE] }, false],
    ['or', { 'Fn::Or': [FALSE, TRUE] }, true],
    ['or, of which none holds', { 'Fn::Or': [FALSE, FALSE] }, false],
    ['not', { 'Fn::Not': [TRUE] }, false],
    ['a place', equals({ 'Fn::Sub': '${AWS::AccountId}/${AWS::Region}/${!x}' }, `${TARGET.account}/${TARGET.region}/\${x}`), true],
    ['the partition', equals({ 'Fn::Join': ['-', [{ Ref: 'AWS::Partition' }, 'x']] }, 'aws-x'), true],
    ['an item of a list', equals({ 'Fn::Select': ['1', { Ref: 'List' }] }, 'b'), true],
    ['an item of a text', equals({ 'Fn::Select': [0, { 'Fn::Split': ['/', 'a/b'] }] }, 'a'), true],
    ['a mapping', equals({ 'Fn::FindInMap': ['M', { 'Fn::If': ['Yes', 'a', 'b'] }, 'k'] }, 'v'), true],
    ['one of a parameter that is not known, beside one that holds', { 'Fn::Or': [equals({ Ref: 'Secret' }, 'a'), TRUE] }, true],
  ])('of %s', async (_, On, holds) => {
    const template = (condition: object) => ({
      Parameters: { List: { Type: 'CommaDelimitedList' }, Secret: { Type: 'String', NoEcho: true } },
      Mappings: { M: { a: { k: 'v' } } },
      Conditions: { Yes: TRUE, On: condition },
      Resources: { A: bucket('On') },
    });
    const deployed = { parameters: { List: 'a,b', Secret: '****' } };
    expect(changesIn(await planOf(template(FALSE), template(On), { deployed }))).toEqual(holds ? ['add A'] : []);
  });

  /** Whether a condition by it holds, nobody knows; its default says nothing of the value that it has. */
  const Secret = { Type: 'String', NoEcho: true, Default: 'a' };
  const HIDDEN = equals({ Ref: 'Secret' }, 'a');
  const deployed = { parameters: { Secret: '****' } };
  const hidden = (On: object | undefined, Resources: object = { A: bucket('On') }) => ({
    Parameters: { Secret },
    Conditions: { Hidden: HIDDEN, ...(On && { On }) },
    Resources: On ? Resources : {},
  });

  test.each<[string, object | undefined, object | undefined]>([
    ['one unknown to another', HIDDEN, equals({ Ref: 'Secret' }, 'b')],
    ['what is not known', FALSE, HIDDEN],
    ['what is known', HIDDEN, TRUE],
    ['a new one that is not known', undefined, HIDDEN],
    ['none, of one that was not known', equals({ Ref: 'Secret' }, '****'), undefined],
    ['not of one that is not known', FALSE, { 'Fn::Not': [HIDDEN] }],
    ['and of one that is not known, beside one that holds', FALSE, { 'Fn::And': [TRUE, HIDDEN] }],
    ['or of one that is not known, beside one that does not hold', FALSE, { 'Fn::Or': [FALSE, HIDDEN] }],
    ['a choice by one that is not known', FALSE, equals({ 'Fn::If': ['Hidden', 'a', 'b'] }, 'b')],
    ['a text with a part that is not known', FALSE, equals({ 'Fn::Join': ['-', [{ Ref: 'Secret' }, 'x']] }, '-x')],
    ['what is no function', FALSE, { ...TRUE, 'Fn::Not': [TRUE] }],
  ])('that changes from or to what nobody knows is refused: %s', async (_, before, after) => {
    const planned = planOf(hidden(before), hidden(after), { deployed });
    await expect(planned).rejects.toMatchObject({ code: 'DW3238', received: 'On of lake' });
  });

  test.each<[string, object]>([
    ['by its name', { Condition: 'Stage' }],
    ['by a choice', equals({ 'Fn::If': ['Stage', 'a', 'b'] }, 'a')],
  ])('that nobody knows any more, for another one that it reads has changed, is refused: %s', async (_, read) => {
    const template = {
      Parameters: { Secret, Stage: { Type: 'String' } },
      Conditions: {
        On: { 'Fn::And': [{ Condition: 'Both' }, TRUE] },
        Both: { 'Fn::And': [read, HIDDEN] },
        Stage: equals({ Ref: 'Stage' }, 'prod'),
      },
      Resources: { A: bucket('On') },
    };
    const given = (Stage: string) => ({
      deployed: { parameters: { Secret: '****', Stage: 'dev' } },
      source: { properties: { parameters: { Stage } } },
    });
    expect(changesIn(await planOf(template, template, given('dev')))).toEqual([]);
    await expect(planOf(template, template, given('prod'))).rejects.toMatchObject({ code: 'DW3238', received: 'Both, On of lake' });
  });

  test('that nobody knows, and that stays, is not refused; both of its branches count', async () => {
    expect(changesIn(await planOf(hidden(HIDDEN), hidden(HIDDEN), { deployed }))).toEqual([]);
    const branches = (one: string, other: string) => hidden(HIDDEN, { A: topic({ 'Fn::If': ['On', one, other] }) });
    for (const after of [branches('c', 'b'), branches('a', 'c')]) {
      expect(changesIn(await planOf(branches('a', 'b'), after, { deployed }))).toEqual([expect.stringMatching(/^modify A /)]);
    }
  });

  test('that depends on itself, or says nothing, is not known', async () => {
    const Conditions = { Empty: {}, Nothing: { 'Fn::Equals': [{}, {}] }, On: { Condition: 'Off' }, Off: { Condition: 'On' } };
    expect(changesIn(await planOf({ Conditions, Resources: { A: bucket('On') } }, { Conditions, Resources: { A: bucket('On') } }))).toEqual(
      [],
    );
  });
});

describe('a condition of a nested stack', () => {
  const nested = {
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { On: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Resources: { A: bucket('On') },
  };
  const text = JSON.stringify(nested);
  const hash = sha256(text);
  const files = {
    [hash]: {
      source: { path: 'n.nested.template.json', packaging: 'file' },
      destinations: { here: { bucketName: 'assets', objectKey: `${hash}.json` } },
    },
  };
  const parent = (Stage: unknown) => ({
    Resources: {
      Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3/assets/${hash}.json`, Parameters: { Stage } } },
    },
  });
  const plan = async (from: unknown, to: unknown, was: string) => {
    const lookup = deployedWith({
      lake: { template: parent(from), nested: { Inner: 'inner' } },
      inner: { template: nested, parameters: { Stage: was } },
    });
    return (await draftOf(assemblyWith({ lake: { template: parent(to), files } }, { 'n.nested.template.json': text }), lookup)).plan;
  };

  test('follows what is given to it', async () => {
    expect(changesIn(await plan('dev', 'prod', 'dev'))).toEqual(['modify Inner /Properties/Parameters/Stage', 'add A']);
    expect(changesIn(await plan('dev', 'test', 'dev'))).toEqual(['modify Inner /Properties/Parameters/Stage']);
  });

  test('is not known when that is made by a resource, unless it stays', async () => {
    const made = { 'Fn::GetAtt': ['Maker', 'Value'] };
    await expect(plan('dev', made, 'dev')).rejects.toMatchObject({ code: 'DW3238', received: 'On of lake/Inner' });
    expect(changesIn(await plan(made, made, 'prod'))).toEqual([]);
  });
});
