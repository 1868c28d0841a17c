import {
  administrator,
  anonymous,
  assumeRole,
  callKey,
  deliverAccessLog,
  putObject,
  request,
  role,
  service,
  user,
  useKeyThroughS3,
  webIdentity,
} from '../../support/iam';

// The condition keys that AWS documents for these requests:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

const ACCOUNT = '111122223333';
const OBJECT = 'arn:aws:s3:::bucket/key';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
const get = { action: 's3:GetObject', resource: OBJECT, account: ACCOUNT };
const contextOf = (call: Partial<Parameters<typeof request>[0]>) =>
  request({ ...get, principal: role(ACCOUNT, 'team/reader'), ...call }).context;

test('a role session shows as its role', () => {
  expect(contextOf({})).toMatchObject({
    'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/team/reader`,
    'aws:PrincipalAccount': ACCOUNT,
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SecureTransport': 'true',
    's3:TlsVersion': '1.3',
    'aws:SourceIp': '198.51.100.7',
    'aws:ResourceAccount': ACCOUNT,
  });
  expect(contextOf({})).toHaveProperty(['aws:TokenIssueTime']);
  expect(contextOf({})).not.toHaveProperty(['aws:username']);
  expect(role(ACCOUNT, 'team/reader').arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/reader/session`);
});

test('a user has a name, and no token', () => {
  const context = contextOf({ principal: user(ACCOUNT, 'jo', { tags: { team: 'a' } }) });
  expect(context).toMatchObject({
    'aws:username': 'jo',
    'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/jo`,
    'aws:PrincipalTag/team': 'a',
  });
  expect(context).not.toHaveProperty(['aws:TokenIssueTime']);
});

test('a service has a name and a source, and neither account nor network', () => {
  const context = contextOf({ principal: service('cloudtrail.amazonaws.com', { arn: 'arn:aws:s3:::source', account: ACCOUNT }) });
  expect(context).toMatchObject({
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com',
    'aws:PrincipalServiceNamesList': ['cloudtrail.amazonaws.com'],
    'aws:SourceArn': 'arn:aws:s3:::source',
    'aws:SourceAccount': ACCOUNT,
    'aws:ViaAWSService': 'false',
  });
  for (const key of ['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:SourceIp']) expect(context).not.toHaveProperty([key]);
});

test('an anonymous request has no ARN', () => {
  expect(contextOf({ principal: anonymous() })).toMatchObject({ 'aws:PrincipalAccount': 'anonymous' });
  expect(contextOf({ principal: anonymous() })).not.toHaveProperty(['aws:PrincipalArn']);
  expect(contextOf({ principal: anonymous() })).not.toHaveProperty(['aws:PrincipalIsAWSService']);
});

test('claims begin with the issuer', () => {
  const principal = webIdentity(`arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.circleci.com/org/1`, { aud: '1' });
  expect(principal.keys).toEqual({ 'oidc.circleci.com/org/1:aud': '1' });
});

test('plain HTTP has no version of TLS', () => {
  expect(contextOf({ tls: 'none' })).toMatchObject({ 'aws:SecureTransport': 'false' });
  expect(contextOf({ tls: 'none' })).not.toHaveProperty(['s3:TlsVersion']);
  expect(contextOf({ tls: '1.1' })).toMatchObject({ 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' });
});

test('through an endpoint, a VPC in place of an address', () => {
  const context = contextOf({ from: { vpc: 'vpc-1', endpoint: 'vpce-1', ip: '10.0.0.1' } });
  expect(context).toMatchObject({ 'aws:SourceVpc': 'vpc-1', 'aws:SourceVpce': 'vpce-1', 'aws:VpcSourceIp': '10.0.0.1' });
  expect(context).not.toHaveProperty(['aws:SourceIp']);
});

test('a service on behalf of a principal passes on the principal, not the network', () => {
  const context = contextOf({ via: ['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com'], principal: administrator(ACCOUNT) });
  expect(context).toMatchObject({
    'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/Administrator`,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'true',
    'aws:CalledVia': ['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com'],
    'aws:CalledViaFirst': 'cloudformation.amazonaws.com',
    'aws:CalledViaLast': 'dynamodb.amazonaws.com',
  });
  expect(context).not.toHaveProperty(['aws:SourceIp']);
});

test('S3 uses a key on behalf of the principal, with its encryption context', () => {
  const call = useKeyThroughS3({
    principal: administrator('444455556666'),
    action: 'kms:Decrypt',
    key: KEY,
    encrypted: 'arn:aws:s3:::bucket',
    via: ['athena.amazonaws.com'],
  });
  expect(call).toMatchObject({ resource: KEY, resourceAccount: ACCOUNT });
  expect(call.context).toMatchObject({
    'kms:ViaService': 's3.eu-west-1.amazonaws.com',
    'kms:CallerAccount': '444455556666',
    'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::bucket',
    'kms:EncryptionContextKeys': ['aws:s3:arn'],
    'aws:ViaAWSService': 'true',
    // S3 is not among the services that this key shows.
    'aws:CalledVia': ['athena.amazonaws.com'],
  });
});

test('a call to a key comes through no service', () => {
  const { context } = callKey({ principal: administrator(ACCOUNT), action: 'kms:Decrypt', key: KEY });
  expect(context).not.toHaveProperty(['kms:ViaService']);
  expect(context).toMatchObject({ 'kms:CallerAccount': ACCOUNT, 'aws:ViaAWSService': 'false', 'aws:RequestedRegion': 'eu-west-1' });
});

test.each([
  [undefined, {}],
  ['SSE-C' as const, { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' }],
  [{ algorithm: 'AES256' as const }, { 's3:x-amz-server-side-encryption': 'AES256' }],
  [
    { algorithm: 'aws:kms' as const, keyId: KEY },
    { 's3:x-amz-server-side-encryption': 'aws:kms', 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY },
  ],
])('a PUT with encryption %j', (encryption, expected) => {
  const { context } = putObject({ principal: administrator(ACCOUNT), object: OBJECT, account: ACCOUNT, encryption });
  expect(Object.fromEntries(Object.entries(context).filter(([key]) => key.startsWith('s3:x-amz')))).toEqual(expected);
});

test('a delivery of access logs names the source', () => {
  const call = deliverAccessLog({ source: { arn: 'arn:aws:s3:::source', account: ACCOUNT }, object: OBJECT, account: ACCOUNT });
  expect(call).toMatchObject({ action: 's3:PutObject', principal: { type: 'service', name: 'logging.s3.amazonaws.com' } });
  expect(call.context).toMatchObject({ 'aws:SourceArn': 'arn:aws:s3:::source', 'aws:SourceAccount': ACCOUNT });
});

test('an external id is sent only when there is one', () => {
  const call = { principal: administrator(ACCOUNT), role: `arn:aws:iam::${ACCOUNT}:role/x` };
  expect(assumeRole({ ...call, externalId: '' }).context).toHaveProperty(['sts:ExternalId'], '');
  expect(assumeRole(call).context).not.toHaveProperty(['sts:ExternalId']);
});

test('a row can say otherwise', () => {
  expect(contextOf({ context: { 'aws:MultiFactorAuthPresent': 'true' } })).toMatchObject({ 'aws:MultiFactorAuthPresent': 'true' });
});
