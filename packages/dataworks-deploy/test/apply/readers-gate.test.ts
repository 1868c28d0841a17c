/** The plan and the gate together: CloudFormation lists whatever reads an attribute of a change, and where its value may move, the plan has shown it. */
import { changeDivergences } from '../../src/apply/diverged';
import type { MadeChange } from '../../src/aws/change-sets';
import { assemblyWith, deployedWith, draftOf } from '../support/plans';

interface Resource {
  readonly Type: string;
  readonly Properties: object;
}

const database = (more: object) => ({ Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', ...more } });
const key = (Statement: readonly object[]) => ({ Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement } } });
const bucket = (BucketName: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName } });
const custom = (Version: string) => ({ Type: 'Custom::Maker', Properties: { ServiceToken: 'arn', Version } });
const table = (more: object) => ({ Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders', ...more } });

test.each<[string, Resource, Resource, string, boolean]>([
  ['what is replaced', bucket('a'), bucket('b'), 'Arn', true],
  ['what may be replaced', database({ BackupRetentionPeriod: 7 }), database({ BackupRetentionPeriod: 14 }), 'DBInstanceArn', true],
  ['what a handler decides', custom('1'), custom('2'), 'Name', true],
  ['what a changed property says', database({ Port: 3306 }), database({ Port: 22 }), 'Endpoint.Port', true],
  ['what moves without a property of its name', table({}), table({ StreamSpecification: {} }), 'StreamArn', true],
  ['what stays', key([]), key([{ Effect: 'Allow' }]), 'Arn', false],
])('%s', async (_, before, after, attribute, isShown) => {
  const reader = { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { V: { 'Fn::GetAtt': `C.${attribute}` } } } } };
  const assembly = assemblyWith({ lake: { template: { Resources: { C: after, R: reader } } } });
  const { plan } = await draftOf(assembly, deployedWith({ lake: { template: { Resources: { C: before, R: reader } } } }));
  const [stack] = plan.stacks;
  expect(stack.changes.map(({ logicalId }) => logicalId)).toEqual(isShown ? ['C', 'R'] : ['C']);
  const listed: MadeChange = {
    logicalId: 'R',
    type: reader.Type,
    action: 'Modify',
    replacement: 'False',
    details: [
      {
        attribute: 'Properties',
        name: 'Environment',
        recreation: 'Never',
        evaluation: 'Dynamic',
        source: 'ResourceAttribute',
        cause: `C.${attribute}`,
      },
    ],
  };
  expect(changeDivergences(stack, [listed], () => false)).toEqual([]);
  const unshown = { ...stack, changes: stack.changes.filter(({ logicalId }) => logicalId === 'C') };
  expect(changeDivergences(unshown, [listed], () => false)).toEqual(isShown ? [expect.stringContaining('modify is not in the plan')] : []);
});
