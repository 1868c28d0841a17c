import { broadeningOf } from '../../../src/plan/risks/broadening';
import type { TemplateResource } from '../../../src/plan/template/stack-template';

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*', ...more });
const deny = (more: object = {}) => ({ ...allow(more), Effect: 'Deny' });

/** Why a policy may allow more than another one. */
function between(before: object | string | undefined, after: object | string | undefined): string | undefined {
  const resource = (PolicyDocument: object | string | undefined) =>
    ({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: PolicyDocument === undefined ? {} : { PolicyDocument },
    }) as unknown as TemplateResource;
  return broadeningOf('AWS::IAM::ManagedPolicy', resource(before), resource(after));
}

describe('a policy that is written otherwise, or allows less, is no broadening', () => {
  test.each<[string, object, object]>([
    ['another Sid', policy(allow({ Sid: 'A' })), policy(allow({ Sid: 'B' }))],
    ['lists for single values', policy(allow()), policy(allow({ Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::a/*'] }))],
    ['another order', policy(allow({ Action: ['s3:A', 's3:B'] })), policy(allow({ Action: ['s3:B', 's3:A'] }))],
    ['upper and lower case of actions', policy(allow()), policy(allow({ Action: 's3:getobject' }))],
    [
      'statements that are joined',
      policy(allow({ Action: 's3:A' }), allow({ Action: 's3:B' })),
      policy(allow({ Action: ['s3:A', 's3:B'] })),
    ],
    ['a statement less', policy(allow(), allow({ Action: 's3:PutObject' })), policy(allow())],
    ['an action below a wildcard', policy(allow({ Action: 's3:*' })), policy(allow({ Action: 's3:Get*' }))],
    ['a resource below a wildcard', policy(allow()), policy(allow({ Resource: 'arn:aws:s3:::a/b/*' }))],
    ['a condition more', policy(allow()), policy(allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }))],
    [
      'a value less in a condition',
      policy(allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-1', 'o-2'] } } })),
      policy(allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })),
    ],
    [
      'a value twice, and another order, in a negated condition',
      policy(allow({ Condition: { StringNotEquals: { x: ['a', 'b'] } } })),
      policy(allow({ Condition: { StringNotEquals: { x: ['b', 'a', 'b'] } } })),
    ],
    ['a prohibition more', policy(allow()), policy(allow(), deny())],
    ['a wider prohibition', policy(deny({ Action: 's3:GetObject' })), policy(deny({ Action: 's3:*' }))],
    ['a principal instead of everybody', policy(allow({ Principal: '*' })), policy(allow({ Principal: { AWS: '111122223333' } }))],
  ])('%s', (_, before, after) => {
    expect(between(before, after)).toBeUndefined();
  });
});

describe('whatever is not provably narrower is a broadening', () => {
  test.each<[string, object | string, object | string]>([
    ['an action', policy(allow()), policy(allow({ Action: ['s3:GetObject', 's3:PutObject'] }))],
    ['a wildcard', policy(allow()), policy(allow({ Action: 's3:Get*' }))],
    ['a wildcard within what one sign stood for', policy(allow({ Resource: 'a?' })), policy(allow({ Resource: 'a*' }))],
    ['a resource', policy(allow()), policy(allow({ Resource: 'arn:aws:s3:::b/*' }))],
    ['a resource by a function', policy(allow()), policy(allow({ Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } }))],
    ['a condition less', policy(allow({ Condition: { Bool: { x: 'true' } } })), policy(allow())],
    [
      'a value more in a condition',
      policy(allow({ Condition: { StringEquals: { x: 'a' } } })),
      policy(allow({ Condition: { StringEquals: { x: ['a', 'b'] } } })),
    ],
    [
      'a value less in a negated condition',
      policy(allow({ Condition: { StringNotEquals: { x: ['a', 'b'] } } })),
      policy(allow({ Condition: { StringNotEquals: { x: 'a' } } })),
    ],
    [
      'a value twice for another one in a negated condition',
      policy(allow({ Condition: { StringNotEquals: { x: ['a', 'b'] } } })),
      policy(allow({ Condition: { StringNotEquals: { x: ['a', 'a'] } } })),
    ],
    ['a prohibition less', policy(allow(), deny()), policy(allow())],
    ['a narrower prohibition', policy(deny({ Action: 's3:*' })), policy(deny())],
    ['everybody', policy(allow({ Principal: { AWS: '111122223333' } })), policy(allow({ Principal: '*' }))],
    ['a principal', policy(allow({ Principal: { AWS: 'arn:a' } })), policy(allow({ Principal: { AWS: ['arn:a', 'arn:b'] } }))],
    ['all but some actions', policy(allow()), policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::a/*' })],
    ['less left out', policy(allow({ NotPrincipal: { AWS: 'a' } })), policy(allow({ NotPrincipal: { AWS: 'b' } }))],
    ['a document by a function', policy(allow()), { 'Fn::If': ['A', policy(), policy(allow())] }],
    ['a document in JSON', JSON.stringify(policy()), JSON.stringify(policy(allow()))],
  ])('%s', (_, before, after) => {
    expect(between(before, after)).toEqual(expect.any(String));
  });

  test('a document nested without end is not walked through', () => {
    const statement = JSON.stringify(allow()).replace('}', `,"Condition":{"Bool":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`);
    expect(() => between(policy(), `{"Statement":[${statement}]}`)).not.toThrow();
  });

  test('a new policy allows what it says, and for whom', () => {
    expect(between(undefined, policy(allow({ Principal: '*' })))).toBe('PolicyDocument allows s3:GetObject for everybody');
  });
});

type Properties = object | undefined;
const resource = (Type: string, Properties: Properties) => Properties && ({ Type, Properties } as TemplateResource);

describe('what else opens', () => {
  const blocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  const bucket = (access?: object) => ({ ...(access && { PublicAccessBlockConfiguration: access }) });

  test.each<[string, string, Properties, Properties]>([
    ['trust', 'AWS::IAM::Role', { AssumeRolePolicyDocument: policy() }, { AssumeRolePolicyDocument: policy(allow({ Principal: '*' })) }],
    ['a managed policy', 'AWS::IAM::Role', { ManagedPolicyArns: ['a'] }, { ManagedPolicyArns: ['a', 'b'] }],
    ['an inline policy', 'AWS::IAM::Role', {}, { Policies: [{ PolicyName: 'p', PolicyDocument: policy(allow()) }] }],
    [
      'an inline policy whose name is the index of another one',
      'AWS::IAM::Role',
      { Policies: [named('1', 'a')] },
      { Policies: [named('1', '*'), named({ Ref: 'N' }, 'a')] },
    ],
    [
      'the second inline policy of a name',
      'AWS::IAM::Role',
      { Policies: [named('p', 'a')] },
      { Policies: [named('p', '*'), named('p', 'a')] },
    ],
    ['no boundary any more', 'AWS::IAM::Role', { PermissionsBoundary: 'b' }, {}],
    ['another boundary', 'AWS::IAM::Role', { PermissionsBoundary: 'b' }, { PermissionsBoundary: 'c' }],
    ['public access', 'AWS::S3::Bucket', bucket(blocked), bucket({ ...blocked, BlockPublicPolicy: false })],
    ['public access by silence', 'AWS::S3::Bucket', bucket(blocked), bucket()],
    ['a new bucket that is not closed', 'AWS::S3::Bucket', undefined, bucket({ BlockPublicAcls: true })],
    ['an ACL', 'AWS::S3::Bucket', {}, { AccessControl: 'PublicRead' }],
    ['a key', 'AWS::KMS::Key', { KeyPolicy: policy() }, { KeyPolicy: policy(allow()) }],
    ['a bucket policy that denied', 'AWS::S3::BucketPolicy', { PolicyDocument: policy(deny()) }, undefined],
    ['an endpoint without a policy', 'AWS::EC2::VPCEndpoint', { PolicyDocument: policy() }, {}],
    ['a new endpoint without a policy', 'AWS::EC2::VPCEndpoint', undefined, {}],
    ['a way in', 'AWS::EC2::SecurityGroup', { SecurityGroupIngress: [] }, { SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0' }] }],
    ['a caller', 'AWS::Lambda::Permission', undefined, { Principal: 's3.amazonaws.com' }],
    ['a public database', 'AWS::RDS::DBInstance', { PubliclyAccessible: false }, { PubliclyAccessible: true }],
    ['a queue', 'AWS::SQS::QueuePolicy', undefined, { PolicyDocument: policy(allow({ Principal: '*' })) }],
  ])('%s', (_, type, before, after) => {
    expect(broadeningOf(type, resource(type, before), resource(type, after))).toEqual(expect.any(String));
  });

  test.each<[string, string, Properties, Properties]>([
    ['a closed bucket', 'AWS::S3::Bucket', undefined, bucket(blocked)],
    ['a bucket that says nothing', 'AWS::S3::Bucket', undefined, bucket()],
    ['a bucket that is closed now', 'AWS::S3::Bucket', bucket({}), bucket(blocked)],
    ['another property', 'AWS::S3::Bucket', bucket(blocked), { ...bucket(blocked), BucketName: 'a' }],
    ['a role that goes', 'AWS::IAM::Role', { AssumeRolePolicyDocument: policy(allow()) }, undefined],
    ['a managed policy less', 'AWS::IAM::Role', { ManagedPolicyArns: ['a', 'b'] }, { ManagedPolicyArns: ['a'] }],
    ['a boundary', 'AWS::IAM::Role', {}, { PermissionsBoundary: 'b' }],
    ['inline policies in another order', 'AWS::IAM::Role', inline('a', 'b'), inline('b', 'a')],
    ['a lifecycle policy', 'AWS::ECR::Repository', {}, { LifecyclePolicy: { LifecyclePolicyText: '{}' } }],
  ])('%s does not', (_, type, before, after) => {
    expect(broadeningOf(type, resource(type, before), resource(type, after))).toBeUndefined();
  });
});

function named(PolicyName: object | string, action: string): object {
  return { PolicyName, PolicyDocument: policy(allow({ Action: `s3:${action}` })) };
}

function inline(...names: string[]): object {
  return { Policies: names.map((name) => named(name, name)) };
}
