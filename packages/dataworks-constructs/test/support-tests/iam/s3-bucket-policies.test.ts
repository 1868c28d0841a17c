import {
  administrator,
  anonymous,
  deliverAccessLog,
  evaluate,
  putObject,
  request,
  role,
  service,
  type Decision,
  type EncryptionHeaders,
  type Principal,
  type Request,
} from '../../support/iam';

// Examples whose results the user guides of Amazon S3 and IAM state.

const S3 = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

const OWNER = '111122223333';
const OBJECT = 'arn:aws:s3:::amzn-s3-demo-bucket/key';
const KEY = 'arn:aws:kms:us-east-2:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const denyPut = (Sid: string, Condition: object) => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*',
  Condition,
});
const put = (options: Partial<Parameters<typeof putObject>[0]> = {}) =>
  putObject({ principal: administrator(OWNER), object: OBJECT, account: OWNER, ...options });

const ALLOWED: Decision = { decision: 'allow', by: ['identity:FullAccess'] };
const deniedBy = (...sids: string[]): Decision => ({ decision: 'explicitDeny', by: sids.map((sid) => `resource:${sid}`) });

describe('encryption', () => {
  test.each<[string, EncryptionHeaders | undefined, Decision]>([
    ['no header', undefined, deniedBy('DenyIncorrectEncryptionHeader', 'DenyUnencryptedObjectUploads')],
    ['SSE-S3', { algorithm: 'AES256' }, ALLOWED],
    ['SSE-KMS', { algorithm: 'aws:kms' }, deniedBy('DenyIncorrectEncryptionHeader')],
  ])(`SSE-S3 only: ${S3}/UsingServerSideEncryption.html, %s`, (_, encryption, expected) => {
    const document = policy(
      denyPut('DenyIncorrectEncryptionHeader', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } }),
      denyPut('DenyUnencryptedObjectUploads', { Null: { 's3:x-amz-server-side-encryption': 'true' } }),
    );
    expect(evaluate(put({ encryption }), document)).toEqual(expected);
  });

  test.each<[string, EncryptionHeaders | undefined, Decision]>([
    ['no header', undefined, deniedBy('DenyObjectsThatAreNotSSEKMS')],
    ['SSE-KMS without a key', { algorithm: 'aws:kms' }, deniedBy('DenyObjectsThatAreNotSSEKMS')],
    ['SSE-KMS with a key', { algorithm: 'aws:kms', keyId: KEY }, ALLOWED],
  ])(`a key must be named: ${S3}/example-bucket-policies.html, %s`, (_, encryption, expected) => {
    const document = policy(denyPut('DenyObjectsThatAreNotSSEKMS', { Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'true' } }));
    expect(evaluate(put({ encryption }), document)).toEqual(expected);
  });

  test.each<[string, EncryptionHeaders | undefined, Decision]>([
    ['the key', { algorithm: 'aws:kms', keyId: KEY }, ALLOWED],
    ['another key', { algorithm: 'aws:kms', keyId: KEY.replace('0123', '9999') }, deniedBy('DenyObjectsThatAreNotSSEKMSWithSpecificKey')],
    ['no key', { algorithm: 'aws:kms' }, deniedBy('DenyObjectsThatAreNotSSEKMSWithSpecificKey')],
  ])(`this key only: ${S3}/example-bucket-policies.html, %s`, (_, encryption, expected) => {
    const other = { ArnNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY } };
    expect(evaluate(put({ encryption }), policy(denyPut('DenyObjectsThatAreNotSSEKMSWithSpecificKey', other)))).toEqual(expected);
  });

  test.each<[string, EncryptionHeaders | undefined, Decision]>([
    ['SSE-C', 'SSE-C', deniedBy('RestrictSSECObjectUploads')],
    ['no header', undefined, ALLOWED],
  ])(`no SSE-C: ${S3}/ServerSideEncryptionCustomerKeys.html, %s`, (_, encryption, expected) => {
    const document = policy(
      denyPut('RestrictSSECObjectUploads', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }),
    );
    expect(evaluate(put({ encryption }), document)).toEqual(expected);
  });
});

describe('transport', () => {
  const tls = policy({ ...denyPut('MinimumTls', { NumericLessThan: { 's3:TlsVersion': 1.2 } }), Action: 's3:*' });
  const https = policy({ ...denyPut('RestrictToTLSRequestsOnly', { Bool: { 'aws:SecureTransport': 'false' } }), Action: 's3:*' });
  test.each([
    ['1.0', deniedBy('MinimumTls')],
    ['1.1', deniedBy('MinimumTls')],
    ['1.2', ALLOWED],
    ['1.3', ALLOWED],
    ['unstated', ALLOWED],
  ] as const)(`TLS 1.2 or newer: ${S3}/amazon-s3-policy-keys.html, %s`, (version, expected) => {
    expect(evaluate(put({ tls: version }), tls)).toEqual(expected);
  });
  test.each([
    ['none', deniedBy('RestrictToTLSRequestsOnly')],
    ['1.0', ALLOWED],
    ['unstated', ALLOWED],
  ] as const)(`HTTPS only: ${S3}/example-bucket-policies.html, %s`, (version, expected) => {
    expect(evaluate(put({ tls: version }), https)).toEqual(expected);
  });
});

describe('network', () => {
  const addresses = policy({
    Sid: 'AllowIPmix',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:*',
    Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*',
    Condition: {
      IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:DB8:1234:5678::/64'] },
      NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678:ABCD::/80'] },
    },
  });
  test.each([
    ['192.0.2.1', 'allow'],
    ['2001:DB8:1234:5678::1', 'allow'],
    ['203.0.113.1', 'implicitDeny'],
    ['2001:DB8:1234:5678:ABCD::1', 'implicitDeny'],
  ])(`addresses: ${S3}/example-bucket-policies.html, %s`, (ip, decision) => {
    expect(evaluate(put({ principal: anonymous(), from: { ip } }), addresses).decision).toBe(decision);
  });

  const endpoint = policy({
    ...denyPut('Access-to-specific-VPCE-only', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }),
    Action: 's3:*',
  });
  test.each<[string, Request, Decision]>([
    ['this one', put({ from: { vpc: 'vpc-1', endpoint: 'vpce-1a2b3c4d', ip: '10.0.0.1' } }), ALLOWED],
    ['another one', put({ from: { vpc: 'vpc-1', endpoint: 'vpce-9', ip: '10.0.0.1' } }), deniedBy('Access-to-specific-VPCE-only')],
    ['the console, which comes through none', put(), deniedBy('Access-to-specific-VPCE-only')],
  ])(`endpoint: ${S3}/example-bucket-policies-vpc-endpoint.html, %s`, (_, call, expected) => {
    expect(evaluate(call, endpoint)).toEqual(expected);
  });

  const expected = policy({
    ...denyPut('Expected-network+service-principal', {
      StringNotEqualsIfExists: { 'aws:SourceVpc': 'vpc-111bbb22' },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    }),
  });
  const trail = policy(...expected.Statement, {
    Sid: 'Trail',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: '*',
  });
  test.each<[string, Request, Decision]>([
    ['the VPC', put({ from: { vpc: 'vpc-111bbb22', endpoint: 'vpce-1', ip: '10.0.0.1' } }), ALLOWED],
    ['the internet', put(), deniedBy('Expected-network+service-principal')],
    ['a service in its own name', put({ principal: service('cloudtrail.amazonaws.com') }), { decision: 'allow', by: ['resource:Trail'] }],
    ['a service on behalf of a principal', put({ via: ['athena.amazonaws.com'] }), deniedBy('Expected-network+service-principal')],
  ])(`VPC or service: ${IAM}/reference_policies_condition-keys.html#condition-keys-principalisawsservice, %s`, (_, call, decision) => {
    expect(evaluate(call, trail)).toEqual(decision);
  });

  describe(`services on behalf of a principal: ${IAM}/access_forward_access_sessions.html`, () => {
    const office = {
      ...denyPut('Office', { NotIpAddressIfExists: { 'aws:SourceIp': '192.0.2.0/24' }, Bool: { 'aws:ViaAWSService': 'false' } }),
    };
    const athena = denyPut('OnlyAthena', { 'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } });
    test.each<[string, object, Request, Decision]>([
      ['an exception for them', office, put({ via: ['athena.amazonaws.com'] }), ALLOWED],
      ['none for the principal', office, put(), deniedBy('Office')],
      ['through this one', athena, put({ via: ['athena.amazonaws.com'] }), ALLOWED],
      ['through another one', athena, put({ via: ['cloudformation.amazonaws.com'] }), deniedBy('OnlyAthena')],
      ['through none', athena, put(), deniedBy('OnlyAthena')],
    ])('%s', (_, statement, call, decision) => {
      expect(evaluate(call, policy(statement))).toEqual(decision);
    });
  });
});

describe(`Delivery of access logs: ${S3}/enable-server-access-logging.html and ${S3}/example-bucket-policies.html`, () => {
  const logs = 'arn:aws:s3:::amzn-s3-demo-bucket-logs';
  const document = policy(
    {
      Sid: 'AllowPutObjectS3ServerAccessLogsPolicy',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `${logs}/*`,
      Condition: { StringEquals: { 'aws:SourceAccount': OWNER }, ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::amzn-s3-demo-source' } },
    },
    {
      Sid: 'RestrictToS3ServerAccessLogs',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${logs}/*`,
      Condition: { 'ForAllValues:StringNotEquals': { 'aws:PrincipalServiceNamesList': 'logging.s3.amazonaws.com' } },
    },
  );
  const deliver = (arn: string, account: string) => deliverAccessLog({ source: { arn, account }, object: `${logs}/2026`, account: OWNER });
  const notAllowed: Decision = { decision: 'implicitDeny', by: ['resource'] };

  test.each<[string, Request, Decision]>([
    [
      'of the source',
      deliver('arn:aws:s3:::amzn-s3-demo-source', OWNER),
      { decision: 'allow', by: ['resource:AllowPutObjectS3ServerAccessLogsPolicy'] },
    ],
    ['of another bucket', deliver('arn:aws:s3:::other', OWNER), notAllowed],
    ['of a bucket of that name in another account', deliver('arn:aws:s3:::amzn-s3-demo-source', '444455556666'), notAllowed],
    ['for no source', put({ principal: service('logging.s3.amazonaws.com'), object: `${logs}/2026` }), notAllowed],
    [
      'by another service',
      put({ principal: service('cloudtrail.amazonaws.com'), object: `${logs}/2026` }),
      deniedBy('RestrictToS3ServerAccessLogs'),
    ],
    ['by an administrator', put({ object: `${logs}/2026` }), deniedBy('RestrictToS3ServerAccessLogs')],
  ])('%s', (_, call, expected) => {
    expect(evaluate(call, document)).toEqual(expected);
  });
});

describe(`Tags and organizations: ${S3}/example-bucket-policies.html`, () => {
  const grant = (principal: unknown, Action: string, Condition: object) =>
    policy({ Effect: 'Allow', Principal: principal, Action, Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*', Condition });
  const johnDoe = { AWS: `arn:aws:iam::${OWNER}:role/JohnDoe` };
  const production = grant(johnDoe, 's3:GetObject', { StringEquals: { 's3:ExistingObjectTag/environment': 'production' } });
  const listed = grant(johnDoe, 's3:PutObjectTagging', {
    'ForAnyValue:StringEquals': { 's3:RequestObjectTagKeys': ['Owner', 'CreationDate'] },
  });
  const organization = grant({ AWS: '*' }, 's3:GetObject', { StringEquals: { 'aws:PrincipalOrgID': ['o-aa111bb222'] } });
  const call = (principal: Principal, action: string, context: Request['context']) =>
    request({ principal, action, resource: OBJECT, account: OWNER, context });
  const john = role(OWNER, 'JohnDoe');

  test.each<[string, object, Request, Decision['decision']]>([
    ['an object with the tag', production, call(john, 's3:GetObject', { 's3:ExistingObjectTag/environment': 'production' }), 'allow'],
    ['an object with another tag', production, call(john, 's3:GetObject', { 's3:ExistingObjectTag/environment': 'test' }), 'implicitDeny'],
    ['an object without tags', production, call(john, 's3:GetObject', {}), 'implicitDeny'],
    ['one of the tag keys is listed', listed, call(john, 's3:PutObjectTagging', { 's3:RequestObjectTagKeys': ['Owner', 'x'] }), 'allow'],
    ['none is listed', listed, call(john, 's3:PutObjectTagging', { 's3:RequestObjectTagKeys': ['x'] }), 'implicitDeny'],
    ['a principal of the organization', organization, call(john, 's3:GetObject', { 'aws:PrincipalOrgID': 'o-aa111bb222' }), 'allow'],
    ['a principal of another one', organization, call(john, 's3:GetObject', { 'aws:PrincipalOrgID': 'o-zz999zz999' }), 'implicitDeny'],
    ['an anonymous request', organization, call(anonymous(), 's3:GetObject', {}), 'implicitDeny'],
  ])('%s', (_, document, given, decision) => {
    expect(evaluate(given, document).decision).toBe(decision);
  });
});
