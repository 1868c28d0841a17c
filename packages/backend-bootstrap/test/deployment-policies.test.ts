import { RegionInfo } from 'aws-cdk-lib/region-info';
import { newStack } from '../../dataworks-constructs/test/support/synth';
import { BackendNames, ExecutionPolicy, PermissionsBoundary, type ExecutionPolicyProps } from '../src';
import { LONGEST } from './support/backend';
import { NAMES } from './support/deployments';
import { boundaryDocument } from '../src/private/boundary-document';
import { DEPLOYMENT_REFUSALS } from '../src/private/deployment-refusals';
import { executionDocument } from '../src/private/execution-document';
import { sizeOf } from '../src/private/policy-document';

const longestIn = (region: string) => new BackendNames({ ...LONGEST, account: LONGEST.env.account, region });
const LONGEST_REGION = RegionInfo.regions
  .map(({ name }) => name)
  .reduce((longest, name) => (name.length > longest.length ? name : longest));

const FIREHOSE = { family: 'Amazon Data Firehose', reason: 'Delivery to the lake', actions: ['firehose:*DeliveryStream*'] };

/** Room for what this account will never have: a partition of ten characters. */
test.each([
  ['eu-west-1', 'aws'],
  [LONGEST_REGION, 'aws-us-gov'],
])("with the longest names, in %s, both policies keep within IAM's limit", (region, partition) => {
  const names = new BackendNames({ ...LONGEST, account: LONGEST.env.account, region, partition });
  expect(sizeOf(boundaryDocument(names))).toBeLessThanOrEqual(6144);
  expect(sizeOf(executionDocument(names, ExecutionPolicy.families()))).toBeLessThanOrEqual(6144);
});

test('with the longest names, there is room for the services of another application', () => {
  const names = longestIn('ap-southeast-1');
  const furtherServices = [{ ...FIREHOSE, passedTo: ['firehose.amazonaws.com'] }];
  expect(() => new ExecutionPolicy(newStack(), 'Execution', { names, furtherServices, applications: ['reporting-'] })).not.toThrow();
});

test('a policy is measured as it is deployed, white space apart', () => {
  const stack = newStack();
  new PermissionsBoundary(stack, 'Boundary', { names: NAMES });
  const { policyDocument } = stack.node.findChild('Boundary').node.defaultChild as unknown as { readonly policyDocument: object };
  expect(sizeOf(boundaryDocument(NAMES))).toBe(JSON.stringify(stack.resolve(policyDocument)).length);
});

test('names that leave the partition to CloudFormation give the same policies', () => {
  const stack = newStack({ env: { account: NAMES.account, region: NAMES.region } });
  const { project, environment, qualifier } = NAMES;
  const names = BackendNames.forStackOf(stack, { project, environment, qualifier });
  expect(names.partition).not.toBe('aws');
  expect(boundaryDocument(names)).toEqual(boundaryDocument(NAMES));
});

test('of long names of stacks, what CloudFormation keeps of them in the names of roles is looked at', () => {
  const [onlyOwn] = boundaryDocument(longestIn('eu-west-1')).Statement.filter(({ Sid }) => Sid === 'OnlyOwnRoles');
  expect(onlyOwn.NotResource).toEqual([`arn:aws:iam::${LONGEST.env.account}:role/${'p'.repeat(20)}-eee*`]);
});

test('roles of further applications are made, passed and assumed as well', () => {
  const text = JSON.stringify(boundaryDocument(NAMES, ['reporting-']));
  expect(text.match(/role\/reporting-\*/g)).toHaveLength(2);
  const policy = executionDocument(NAMES, ExecutionPolicy.families(), ['reporting-']);
  expect(JSON.stringify(policy).match(/role\/reporting-\*/g)).toHaveLength(3);
});

type Refused = readonly [code: string, received: string, props: Partial<ExecutionPolicyProps>];

const CASES: readonly Refused[] = [
  [
    'DW2031',
    'characters',
    { furtherServices: [{ ...FIREHOSE, actions: Array.from({ length: 300 }, (_, index) => `firehose:Action${index}`) }] },
  ],
  ...['', '*', 'a*', 'reporting', '-reporting-', 'aws-', 'cdk-x-', 'r'.repeat(30)].map((prefix): Refused => [
    'DW2032',
    JSON.stringify(prefix),
    { applications: [prefix] },
  ]),
  ...['*', 'iam:*', 'IAM:PassRole', 'sts:AssumeRole', 'organizations:*', 'account:*', 'cloudformation:*', 'firehose', '*:Get*'].map(
    (action): Refused => ['DW2033', JSON.stringify(action), { furtherServices: [{ ...FIREHOSE, actions: [action] }] }],
  ),
  ...['*', 'firehose', 'firehose.example.org'].flatMap((service): Refused[] => [
    ['DW2034', JSON.stringify(service), { furtherServices: [{ ...FIREHOSE, passedTo: [service] }] }],
    ['DW2034', JSON.stringify(service), { furtherServices: [{ ...FIREHOSE, serviceLinkedRoles: [service] }] }],
  ]),
];

test.each(CASES)('%s: %s is refused', (code, received, props) => {
  const refused = () => new ExecutionPolicy(newStack(), 'Execution', { names: NAMES, ...props });
  expect(refused).toThrow(code);
  expect(refused).toThrow(received);
  expect(refused).toThrow('Fix: ');
});

test('the boundary refuses applications as well', () => {
  expect(() => new PermissionsBoundary(newStack(), 'Boundary', { names: NAMES, applications: ['*'] })).toThrow('DW2032');
});

test('everything that is wrong is said at once', () => {
  const all = () =>
    new ExecutionPolicy(newStack(), 'Execution', {
      names: NAMES,
      applications: ['*'],
      furtherServices: [{ ...FIREHOSE, actions: ['iam:*'], passedTo: ['x'] }],
    });
  for (const code of ['DW2032', 'DW2033', 'DW2034']) expect(all).toThrow(code);
});

test('every refusal has a case, those of the service control policy with its table', () => {
  expect(new Set([...CASES.map(([code]) => code), 'DW2035', 'DW2036'])).toEqual(
    new Set(Object.values(DEPLOYMENT_REFUSALS).map(({ code }) => code)),
  );
});

test('every family says what it is needed for, and no action is listed twice', () => {
  const families = ExecutionPolicy.families();
  for (const { reason } of families) expect(reason.length).toBeGreaterThan(10);
  const actions = families.flatMap((family) => family.actions);
  expect(actions).toEqual([...new Set(actions)]);
});
