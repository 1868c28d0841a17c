import { checkPlan } from '../../src/apply/remade';
import { deployedStack, type DeployedStack } from '../../src/plan/deployed-stack';
import type { Plan, ResourceChange } from '../../src/plan/plan';
import { risksOf } from '../../src/plan/risks';
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

async function check(written: Plan, now = seen): Promise<void> {
  const { stacks } = await deployedWith({})(TARGET.region);
  await checkPlan(written, assembly, { seen: now, reader: () => stacks });
}

/** Somebody who knows how the risks follow from the changes. */
function tampered(change: (one: ResourceChange) => ResourceChange[]): Plan {
  const written = plan.stacks.map((stack) => ({ ...stack, changes: stack.changes.flatMap(change) }));
  const stacks = JSON.parse(JSON.stringify(written)) as typeof written;
  return { ...plan, stacks, risks: risksOf(stacks, new Map(stacks.map(({ template: { file } }) => [file, { Resources: {} }]))) };
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

test.each<[string, (one: ResourceChange) => ResourceChange[]]>([
  ['a replacement is only possible', (one) => [{ ...one, replacement: one.replacement === 'always' ? 'conditional' : one.replacement }]],
  ['nothing is deleted', (one) => [{ ...one, deletes: false }]],
  ['nobody is allowed more', (one) => [{ ...one, broadening: undefined }]],
  ['nothing changes', () => []],
  ['more changes', (one) => [one, { ...one, logicalId: 'Another' }]],
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
