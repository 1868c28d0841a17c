/** How often resources are compared: the comparison itself is what a plan of many changes takes its time for. */
import { sha256 } from '../../../src/plan/digest';
import { assemblyWith, BUCKET, deployedWith, draftOf, type DeployedSource, type StackSource } from '../../support/plans';

const mockComparison = jest.fn();
jest.mock('@aws-cdk/cloudformation-diff', () => {
  const real = jest.requireActual<typeof import('@aws-cdk/cloudformation-diff')>('@aws-cdk/cloudformation-diff');
  const fullDiff: typeof real.fullDiff = (...templates) => {
    mockComparison();
    return real.fullDiff(...templates);
  };
  return { ...real, fullDiff };
});

type Resources = Readonly<Record<string, object>>;

async function comparisons(
  before: Resources,
  after: Resources,
  more: {
    source?: Partial<StackSource>;
    deployed?: Readonly<Record<string, DeployedSource>>;
    nested?: Readonly<Record<string, string>>;
  } = {},
  files: Readonly<Record<string, string>> = {},
) {
  const lookup = deployedWith({ lake: { template: { Resources: before }, nested: more.nested }, ...more.deployed });
  mockComparison.mockClear();
  const { plan } = await draftOf(assemblyWith({ lake: { template: { Resources: after }, ...more.source } }, files), lookup);
  return { changed: plan.stacks[0].changes.length, compared: mockComparison.mock.calls.length };
}

const parameter = (Name: string, Value: unknown) => ({ Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value } });
const valueOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Value'] });
const LENGTH = 40;
/** Each reads the one before, or all before it; the template has them the other way round. */
const chain = (first: string, reads: (at: number) => unknown): Resources => {
  const names = Array.from({ length: LENGTH }, (_, at) => `P${at}`);
  return Object.fromEntries(names.map((name, at) => [name, parameter(name, at === 0 ? first : reads(at))] as const).reverse());
};

test.each<[string, (at: number) => unknown]>([
  ['a chain', (at) => valueOf(`P${at - 1}`)],
  ['many ways to one', (at) => ({ 'Fn::Join': ['', Array.from({ length: at }, (_, before) => valueOf(`P${before}`))] })],
])('each resource that changes is compared once: %s', async (_, reads) => {
  expect(await comparisons(chain('a', reads), chain('b', reads))).toEqual({ changed: LENGTH, compared: LENGTH });
  expect(await comparisons(chain('a', reads), chain('a', reads))).toEqual({ changed: 0, compared: 0 });
});

test('so is each of a nested stack, after what it is passed', async () => {
  const inner = { Parameters: { In: { Type: 'String' } }, Resources: { T: parameter('t', { Ref: 'In' }), Same: parameter('s', 's') } };
  const text = JSON.stringify(inner);
  const hash = sha256(text);
  const around = (first: string) => ({
    N: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: `https://s3/${BUCKET}/${hash}.json`, Parameters: { In: valueOf(`P${LENGTH - 1}`) } },
    },
    ...chain(first, (at) => valueOf(`P${at - 1}`)),
  });
  const destinations = { here: { bucketName: BUCKET, objectKey: `${hash}.json` } };
  const source = { files: { [hash]: { source: { path: 'n.nested.template.json', packaging: 'file' }, destinations } } };
  const deployed = { inner: { template: inner, parameters: { In: 'a' } } };
  const found = await comparisons(
    around('a'),
    around('b'),
    { source, deployed, nested: { N: 'inner' } },
    { 'n.nested.template.json': text },
  );
  expect(found).toEqual({ changed: LENGTH + 2, compared: LENGTH + 2 });
});

test('of a circle, which CloudFormation refuses, the comparison comes to an end', async () => {
  const circle = (more: string) => ({
    A: parameter('a', { 'Fn::Sub': `${more}\${B.Value}` }),
    B: parameter('b', valueOf('C')),
    C: parameter('c', valueOf('A')),
  });
  expect(await comparisons(circle('x'), circle('y'))).toMatchObject({ changed: 3 });
});
