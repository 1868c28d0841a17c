import { resolver, type Template } from '../../support/iam/resolve';

const ENVIRONMENT = { account: '111122223333', region: 'eu-west-1' };
const TEMPLATE: Template = {
  Parameters: {
    Plain: { Type: 'String', Default: 'plain' },
    Number: { Type: 'Number', Default: 7 },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name' },
    Secret: { Type: 'String' },
  },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Join': ['-', ['lake', { Ref: 'AWS::AccountId' }]] } } },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement: { Resource: { 'Fn::GetAtt': ['Key', 'Arn'] } } } } },
    Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/lake', TargetKeyId: { Ref: 'Key' } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'plan', Path: '/dataworks/' } },
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'boundary' } },
    Provider: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://oidc.circleci.com/org/1' } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'lock' } },
    Group: { Type: 'AWS::Logs::LogGroup' },
    Trail: { Type: 'AWS::CloudTrail::Trail' },
    Function: { Type: 'AWS::Lambda::Function' },
    Secrets: { Type: 'AWS::SecretsManager::Secret' },
    Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/b' } },
    Queue: { Type: 'AWS::SQS::Queue' },
  },
};
const resolve = resolver(TEMPLATE, ENVIRONMENT);
const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

test.each([
  [{ Ref: 'AWS::AccountId' }, '111122223333'],
  [{ Ref: 'AWS::Region' }, 'eu-west-1'],
  [{ Ref: 'AWS::Partition' }, 'aws'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  [{ Ref: 'Plain' }, 'plain'],
  [{ Ref: 'Number' }, '7'],
  [{ Ref: 'Bucket' }, 'bucket'],
  [arn('Bucket'), 'arn:aws:s3:::bucket'],
  [arn('Named'), 'arn:aws:s3:::lake-111122223333'],
  [{ Ref: 'Key' }, 'key-of-key'],
  [arn('Key'), 'arn:aws:kms:eu-west-1:111122223333:key/key-of-key'],
  [{ Ref: 'Alias' }, 'alias/lake'],
  [{ Ref: 'Role' }, 'plan'],
  [arn('Role'), 'arn:aws:iam::111122223333:role/dataworks/plan'],
  [{ Ref: 'Policy' }, 'arn:aws:iam::111122223333:policy/boundary'],
  [{ Ref: 'Provider' }, 'arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/1'],
  [arn('Table'), 'arn:aws:dynamodb:eu-west-1:111122223333:table/lock'],
  [arn('Group'), 'arn:aws:logs:eu-west-1:111122223333:log-group:group:*'],
  [arn('Trail'), 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail'],
  [arn('Function'), 'arn:aws:lambda:eu-west-1:111122223333:function:function'],
  [{ Ref: 'Secrets' }, 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:secrets-AbCdEf'],
  [{ Ref: 'Parameter' }, '/a/b'],
  [{ 'Fn::GetAtt': 'Bucket.Arn' }, 'arn:aws:s3:::bucket'],
  [{ 'Fn::Join': ['', [arn('Bucket'), '/*']] }, 'arn:aws:s3:::bucket/*'],
  [{ 'Fn::Select': [5, { 'Fn::Split': [':', arn('Bucket')] }] }, 'bucket'],
  [{ 'Fn::Sub': '${Bucket.Arn}/${AWS::Region}/${!aws:username}' }, 'arn:aws:s3:::bucket/eu-west-1/${aws:username}'],
  [{ 'Fn::Sub': ['${Name}-x', { Name: { Ref: 'Table' } }] }, 'lock-x'],
  [{ Statement: [{ Action: 's3:*', Resource: [arn('Bucket')] }] }, { Statement: [{ Action: 's3:*', Resource: ['arn:aws:s3:::bucket'] }] }],
  [
    ['${aws:username}', 1, true, null],
    ['${aws:username}', 1, true, null],
  ],
])('%j', (value, expected) => {
  expect(resolve(value)).toEqual(expected);
});

test('ARNs follow the partition', () => {
  const inChina = resolver(TEMPLATE, { ...ENVIRONMENT, partition: 'aws-cn' });
  expect(inChina(arn('Role'))).toBe('arn:aws-cn:iam::111122223333:role/dataworks/plan');
  expect(inChina({ Ref: 'AWS::URLSuffix' })).toBe('amazonaws.com.cn');
});

test('values that are given come first', () => {
  const given = resolver(TEMPLATE, { ...ENVIRONMENT, values: { Secret: 's', Stored: 'v', Queue: 'q', 'Queue.Arn': 'arn:q' } });
  expect(given([{ Ref: 'Secret' }, { Ref: 'Stored' }, { Ref: 'Queue' }, arn('Queue')])).toEqual(['s', 'v', 'q', 'arn:q']);
});

test.each([
  [{ 'Fn::ImportValue': 'x' }, 'Unknown intrinsic Fn::ImportValue'],
  [{ 'Fn::If': ['A', 'x', 'y'] }, 'Unknown intrinsic Fn::If'],
  [{ Ref: 'Nobody' }, 'Unknown reference Nobody'],
  [{ Ref: 'AWS::StackId' }, 'Unknown reference AWS::StackId'],
  [{ Ref: 'Secret' }, 'Unknown reference Secret'],
  [{ Ref: 'Stored' }, 'Unknown reference Stored'],
  [{ Ref: 'Queue' }, 'Unknown Ref to Queue, a AWS::SQS::Queue'],
  [arn('Queue'), 'Unknown attribute Arn of Queue, a AWS::SQS::Queue'],
  [{ 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] }, 'Unknown attribute WebsiteURL of Bucket'],
  [{ 'Fn::Sub': '${Nobody}' }, 'Unknown reference Nobody'],
  [{ 'Fn::Select': [9, { 'Fn::Split': [':', 'a:b'] }] }, 'Fn::Select needs a string'],
  [{ 'Fn::Join': ['', 'text'] }, 'Fn::Join needs a list'],
])('refuses %j', (value, message) => {
  expect(() => resolve(value)).toThrow(message);
});
