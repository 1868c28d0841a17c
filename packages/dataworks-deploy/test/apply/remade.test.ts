import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { checkPlan } from '../../src/apply/remade';
import { deployedStack, type DeployedStack } from '../../src/plan/compare/deployed-stack';
import { sha256 } from '../../src/plan/digest';
import type { LookupIn } from '../../src/plan/lookup';
import type { Plan, PlannedStack, ResourceChange } from '../../src/plan/plan';
import { risksOf } from '../../src/plan/risks/risks';
import type { Place } from '../../src/rollback/chosen';
import { assemblyWith, deployedWith, draftOf, TARGET } from '../support/plans';

const READER = { 'Fn::GetAtt': ['Reader', 'Arn'] };
const policy = (Action: string) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: READER }] } },
});
const bucket = (BucketName: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName } });
const template = (name: string, action: string) => ({
  Parameters: { Stage: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/stage' } },
  Resources: {
    Bucket: bucket(name),
    Policy: policy(action),
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Stage' } } },
  },
});

const assembly = assemblyWith({ lake: { template: template('new', 's3:*') } });
const before = {
  lake: { template: template('old', 's3:Get*'), parameters: { Stage: '/stage' }, resolved: { Stage: 'one' }, terminationProtection: true },
};
const lookupIn = deployedWith(before, { '/stage': 'two' });
let plan: Plan;
let seen: Map<string, DeployedStack | undefined>;

beforeAll(async () => {
  plan = { ...(await draftOf(assembly, lookupIn)).plan, digest: 'ab'.repeat(32) };
  seen = new Map([[`${TARGET.region}/lake`, await deployedStack(await lookupIn(TARGET.region), 'lake')]]);
});

async function check(written: Plan, now = seen, recorded: readonly Place[] = []): Promise<void> {
  const { stacks } = await deployedWith({})(TARGET.region);
  await checkPlan(written, assembly, { seen: now, recorded, reader: () => stacks });
}

/** Somebody who knows how the risks follow from the changes. */
function tampered(change: (one: ResourceChange) => ResourceChange[]): Plan {
  const written = plan.stacks.map((stack) => ({ ...stack, changes: stack.changes.flatMap(change) }));
  const stacks = JSON.parse(JSON.stringify(written)) as typeof written;
  return {
    ...plan,
    stacks,
    risks: risksOf({ ...plan, stacks }, new Map(stacks.map(({ template: { file } }) => [file, { Resources: {} }]))),
  };
}

test('a plan that is as it was made', async () => {
  expect(plan.stacks[0].changes.map(({ logicalId }) => logicalId)).toEqual(['Bucket', 'Policy', 'Topic']);
  await expect(check(plan)).resolves.toBeUndefined();
  await expect(check(tampered((one) => [one]))).resolves.toBeUndefined();
});

test('a protection that an interrupted run has set already', async () => {
  const [[place, stack]] = seen;
  const set = new Map([[place, { ...stack!, state: { ...stack!.state, terminationProtection: false } }]]);
  await expect(check(plan, set)).resolves.toBeUndefined();
});

test('what was deployed is for the staleness to judge, not for this', async () => {
  const [stack] = plan.stacks;
  const written = { ...plan, stacks: [{ ...stack, deployed: { ...stack.deployed!, lastUpdated: '2020-01-01T00:00:00.000Z' } }] };
  await expect(check(written)).resolves.toBeUndefined();
});

test.each<[string, (one: Plan) => Plan, string]>([
  ['leaves the risks out', (one) => ({ ...one, risks: [] }), 'others: the risks'],
  ['says more', (one) => ({ ...one, stacks: [{ ...one.stacks[0], roleArn: 'arn:x' }] }), 'others: roleArn of lake'],
  [
    'says less',
    (one) => ({ ...one, stacks: [JSON.parse(JSON.stringify({ ...one.stacks[0], capabilities: undefined })) as PlannedStack] }),
    'others: capabilities of lake',
  ],
])('a plan that was written by hand: %s', async (_, change, received) => {
  await expect(check(change(plan))).rejects.toMatchObject({ code: 'DW3312', received });
});

describe('nested stacks, and stacks of one name in two regions', () => {
  const THERE = 'us-east-1';
  const nested = (name: string) => ({
    Parameters: { Stage: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/stage' } },
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: name } },
      Of: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Stage' } } },
    },
  });
  const text = JSON.stringify(nested('new'));
  const hash = sha256(text);
  const inner = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3/assets/${hash}.json` } };
  const files = {
    [hash]: {
      source: { path: 'n.nested.template.json', packaging: 'file' },
      destinations: { here: { bucketName: 'assets', objectKey: `${hash}.json` } },
    },
  };
  const topic = { Topic: { Type: 'AWS::SNS::Topic' } };
  const source = (Resources: object, region: string) => ({
    template: { Resources },
    properties: { stackName: 'lake' },
    environment: `aws://${TARGET.account}/${region}`,
  });
  const stacks = { here: { ...source({ Inner: inner }, TARGET.region), files }, there: source(topic, THERE) };
  /** A stage may have stacks in several regions. */
  const properties = { directoryName: 'assembly-dev', displayName: TARGET.name };
  const both = assemblyWith({}, {}, { artifacts: { 'assembly-dev': { type: 'cdk:cloud-assembly', properties } } });
  cpSync(assemblyWith(stacks, { 'n.nested.template.json': text }), join(both, 'assembly-dev'), { recursive: true });
  const stored = { parameters: { Stage: '/stage' }, resolved: { Stage: 'one' } };
  const lookups = {
    [TARGET.region]: deployedWith(
      { lake: { template: { Resources: { Inner: inner } }, nested: { Inner: 'inner' } }, inner: { template: nested('old'), ...stored } },
      { '/stage': 'two' },
    ),
    [THERE]: deployedWith({ lake: { template: { Resources: {} } } }),
  };
  const lookup: LookupIn = (region) => lookups[region](region);

  test('are made again of what is there', async () => {
    const made = { ...(await draftOf(both, lookup)).plan, digest: 'ab'.repeat(32) };
    expect(made.stacks.map(({ changes }) => changes.map(({ action, logicalId }) => `${action} ${logicalId}`))).toEqual([
      ['modify Of', 'modify Topic'],
      ['add Topic'],
    ]);
    const places = await Promise.all(
      [TARGET.region, THERE].map(async (region) => [`${region}/lake`, await deployedStack(await lookup(region), 'lake')] as const),
    );
    const { stacks: nestedOnes } = await lookup(TARGET.region);
    await expect(checkPlan(made, both, { seen: new Map(places), recorded: [], reader: () => nestedOnes })).resolves.toBeUndefined();
  });
});

test('nested stacks of a stack that waits for another are read once', async () => {
  const nested = {
    Parameters: { X: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' } },
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'X' } } } },
  };
  const text = JSON.stringify(nested);
  const hash = sha256(text);
  const destinations = { here: { bucketName: 'assets', objectKey: `${hash}.json` } };
  const files = { [hash]: { source: { path: 'n.nested.template.json', packaging: 'file' }, destinations } };
  const around = {
    Resources: { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3/assets/${hash}.json` } } },
  };
  const maker = (Value: string) => ({
    Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/x', Type: 'String', Value } } },
  });
  const both = assemblyWith({ maker: { template: maker('two') }, lake: { template: around, files } }, { 'n.nested.template.json': text });
  const there = deployedWith(
    {
      maker: { template: maker('one') },
      lake: { template: around, nested: { Inner: 'inner' } },
      inner: { template: nested, parameters: { X: '/x' }, resolved: { X: 'one' } },
    },
    { '/x': 'one' },
  );
  const made = { ...(await draftOf(both, there)).plan, digest: 'ab'.repeat(32) };
  expect(made.stacks.map(({ waits }) => waits.length)).toEqual([0, 1]);
  const places = await Promise.all(
    ['maker', 'lake'].map(async (name) => [`${TARGET.region}/${name}`, await deployedStack(await there(TARGET.region), name)] as const),
  );
  const { stacks } = await there(TARGET.region);
  const read: string[] = [];
  const reader: typeof stacks = {
    nestedStacks: (id) => (read.push(`nested stacks of ${id}`), stacks.nestedStacks(id)),
    state: (name) => (read.push(`state of ${name}`), stacks.state(name)),
    template: (name) => (read.push(`template of ${name}`), stacks.template(name)),
  };
  await checkPlan(made, both, { seen: new Map(places), recorded: [], reader: () => reader });
  expect(read).toEqual(['nested stacks of id of lake', 'state of inner', 'template of inner']);
});

test.each<[string, (one: ResourceChange) => ResourceChange[]]>([
  ['a replacement is only possible', (one) => [{ ...one, replacement: one.replacement === 'always' ? 'conditional' : one.replacement }]],
  ['nothing is deleted', (one) => [{ ...one, deletes: false }]],
  ['nobody is allowed more', (one) => [{ ...one, broadening: undefined }]],
  ['nothing changes', () => []],
  ['more changes', (one) => [one, { ...one, logicalId: 'Another' }]],
  ['a value is another one', (one) => [{ ...one, values: one.values?.map((value) => ({ ...value, to: 's3:Get*' })) }]],
  ['all properties change', (one) => [{ ...one, properties: ['/Properties'] }]],
])('a plan that was written by hand: %s', async (_, change) => {
  const received = expect.stringContaining('changes of lake') as string;
  await expect(check(tampered(change))).rejects.toMatchObject({ code: 'DW3312', exitCode: 4, received });
});

test('a plan that leaves out what else changes, or that the parameter store has another value', async () => {
  const [stack] = plan.stacks;
  await expect(check({ ...plan, stacks: [{ ...stack, otherChanges: [] }] })).rejects.toMatchObject({ code: 'DW3312' });
  const ssmParameters = { Stage: { name: '/stage', value: 'one' } };
  await expect(check({ ...plan, stacks: [{ ...stack, ssmParameters }] })).rejects.toMatchObject({ code: 'DW3312' });
});

test('a plan that hides a stack of the record, or invents one', async () => {
  const recorded = [{ name: 'fn', region: TARGET.region, id: 'arn' }];
  const received = 'others: the stacks that remain';
  await expect(check(plan, seen, recorded)).rejects.toMatchObject({ code: 'DW3312', received });
  await expect(check({ ...plan, remaining: ['eu-central-1/fn'] })).rejects.toMatchObject({ code: 'DW3312', received });
  await expect(check({ ...plan, remaining: ['eu-central-1/fn'] }, seen, recorded)).resolves.toBeUndefined();
});
