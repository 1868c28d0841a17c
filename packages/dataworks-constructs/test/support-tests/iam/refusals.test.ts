import { administrator, anonymous, callKey, evaluate, request, role, user } from '../../support/iam';

// What the evaluator does not know must not pass as "does not match", in whichever statement it stands.

const ACCOUNT = '111122223333';
const OBJECT = 'arn:aws:s3:::bucket/key';
const HARMLESS = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const get = (policy: unknown, bucketPolicy?: unknown) =>
  evaluate(
    request({ principal: role(ACCOUNT, 'x', { identity: [policy] }), action: 's3:GetObject', resource: OBJECT, account: ACCOUNT }),
    bucketPolicy,
  );

test('the harmless statement is allowed', () => {
  expect(get(document(HARMLESS)).decision).toBe('allow');
});

describe('in conditions', () => {
  test.each<[string, Record<string, Record<string, unknown>>, string]>([
    ['an operator', { StringMatches: { 'aws:username': 'x' } }, 'unknown operator'],
    ['the name of a method', { toString: { 'aws:username': 'x' } }, 'unknown operator'],
    ['BinaryEquals, for which no key is known', { BinaryEquals: { 'aws:username': 'eA==' } }, 'unknown operator'],
    ['a set operator', { 'ForSomeValues:StringEquals': { 'aws:TagKeys': 'x' } }, 'unknown operator'],
    ['two set operators', { 'ForAnyValue:ForAllValues:StringEquals': { 'aws:TagKeys': 'x' } }, 'unknown operator'],
    ['NullIfExists, which AWS does not have', { NullIfExists: { 'aws:username': 'true' } }, 'unknown operator'],
    ['a key', { StringEquals: { 'aws:PrincipleArn': 'x' } }, "Unknown condition key 'aws:PrincipleArn'"],
    ['a key of a tag without its name', { StringEquals: { 'aws:PrincipalTag': 'x' } }, 'Unknown condition key'],
    ['the name of a method as a key', { StringEquals: { constructor: 'x' } }, 'Unknown condition key'],
    ['a claim', { StringEquals: { 'oidc.circleci.com/org/1:job-id': 'x' } }, 'Unknown condition key'],
    [
      'an operator that does not suit the key',
      { NumericEquals: { 'aws:username': '1' } },
      'for keys of type numeric, the key is of type string',
    ],
    ['a string operator on a number', { StringEquals: { 's3:TlsVersion': '1.2' } }, 'for keys of type string, the key is of type numeric'],
    ['a multivalued key without a set operator', { StringEquals: { 'aws:TagKeys': 'x' } }, 'a multivalued key needs ForAllValues'],
    ['a set operator on a single-valued key', { 'ForAllValues:StringEquals': { 'aws:username': 'x' } }, 'another key has neither'],
    ['a boolean', { Bool: { 'aws:SecureTransport': 'no' } }, "'no' is not of type bool"],
    ['a boolean of Null', { Null: { 'aws:username': 'no' } }, 'should be true or false'],
    ['a number', { NumericLessThan: { 's3:TlsVersion': '1.2.0' } }, "'1.2.0' is not of type numeric"],
    ['a date', { DateLessThan: { 'aws:CurrentTime': 'soon' } }, "'soon' is not of type date"],
    ['an address', { IpAddress: { 'aws:SourceIp': '10.0.0/8' } }, "'10.0.0/8' is not of type ip"],
    ['an ARN', { ArnLike: { 'aws:SourceArn': 'bucket*' } }, "'bucket*' is not of type arn"],
    ['no value', { StringEquals: { 'aws:username': [] } }, 'has no value'],
    ['a value that is an intrinsic', { StringEquals: { 'aws:username': { Ref: 'X' } } }, "Resolve the template's intrinsics first"],
    ['a variable', { StringEquals: { 's3:prefix': '${aws:usernames}' } }, "Unknown condition key 'aws:usernames'"],
    ['a multivalued variable', { StringEquals: { 's3:prefix': '${aws:TagKeys}' } }, 'multivalued'],
    ['a malformed variable', { StringEquals: { 's3:prefix': "${aws:username 'x'}" } }, 'Malformed policy variable'],
    ['an unclosed variable', { StringEquals: { 's3:prefix': '${aws:username' } }, 'Unclosed policy variable'],
  ])('%s', (_, Condition, message) => {
    // A statement for another action: it would not matter, and is refused all the same.
    expect(() => get(document(HARMLESS, { ...HARMLESS, Action: 'sqs:SendMessage', Condition }))).toThrow(message);
  });
});

describe('in statements', () => {
  test.each<[string, object, string]>([
    ['an element', { ...HARMLESS, Conditions: {} }, 'Unknown elements of statement #0: Conditions'],
    ['an effect', { ...HARMLESS, Effect: 'allow' }, 'has the effect allow'],
    ['no action', { Effect: 'Allow', Resource: '*' }, 'needs either Action or NotAction'],
    ['both actions', { ...HARMLESS, NotAction: 's3:*' }, 'needs either Action or NotAction'],
    ['no resource', { Effect: 'Allow', Action: 's3:*' }, 'needs either Resource or NotResource'],
    ['an action without a service', { ...HARMLESS, Action: 'GetObject' }, "unknown form of action 'GetObject'"],
    ['a resource that is no ARN', { ...HARMLESS, Resource: 'bucket/*' }, 'neither * nor an ARN of six segments'],
    ['an ARN of five segments', { ...HARMLESS, Resource: 'arn:aws:s3::*' }, 'neither * nor an ARN of six segments'],
    ['a variable for an account', { ...HARMLESS, Resource: 'arn:aws:iam::${aws:PrincipalAccount}:user/x' }, 'before the fifth colon'],
    [
      'a resource that is an intrinsic',
      { ...HARMLESS, Resource: { 'Fn::GetAtt': ['X', 'Arn'] } },
      "Resolve the template's intrinsics first",
    ],
    ['a principal in an identity policy', { ...HARMLESS, Principal: '*' }, 'and in no other'],
  ])('%s', (_, statement, message) => {
    expect(() => get(document(statement))).toThrow(message);
  });

  test('a Sid that is used twice', () => {
    expect(() => get(document({ ...HARMLESS, Sid: 'A' }, { ...HARMLESS, Sid: 'A' }))).toThrow('Sids are used twice: A');
  });
  test('an older version, in which nothing is a variable', () => {
    expect(() => get({ ...document(HARMLESS), Version: '2008-10-17' })).toThrow('Policy version 2008-10-17');
    expect(() => get({ Statement: HARMLESS })).toThrow('Policy version undefined');
  });
  test('an element of the document', () => {
    expect(() => get({ ...document(HARMLESS), Statements: [] })).toThrow('Unknown elements of a policy document: Statements');
  });
});

describe('in principals', () => {
  test.each<[string, unknown, string]>([
    [
      'a type',
      { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' },
      'Unknown principal type CanonicalUser',
    ],
    ['a wildcard for a part of an ARN', { AWS: `arn:aws:iam::${ACCOUNT}:role/*` }, 'Unknown form of AWS principal'],
    ['a wildcard for all sessions', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/x/*` }, 'Unknown form of AWS principal'],
    ['the id of a deleted role', { AWS: 'AROADBQP57FF2AEXAMPLE' }, 'Unknown form of AWS principal'],
    ['a federated user', { AWS: `arn:aws:sts::${ACCOUNT}:federated-user/x` }, 'Unknown form of AWS principal'],
    ['a service', { Service: 'logging.s3' }, 'Unknown form of service principal'],
    ['a provider', { Federated: 'accounts.google.com' }, 'Unknown form of federated principal'],
    ['a bare ARN', `arn:aws:iam::${ACCOUNT}:root`, 'Not a principal'],
  ])('%s', (_, Principal, message) => {
    expect(() => get(document(HARMLESS), document({ ...HARMLESS, Principal }))).toThrow(message);
  });
  test('NotPrincipal, which AWS advises against', () => {
    expect(() => get(document(HARMLESS), document({ ...HARMLESS, Effect: 'Deny', NotPrincipal: { AWS: ACCOUNT } }))).toThrow(
      'NotPrincipal',
    );
  });
  test('none in the policy of a resource', () => {
    expect(() => get(document(HARMLESS), document(HARMLESS))).toThrow('Principal belongs in every statement');
  });
});

describe('in requests', () => {
  const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
  const call = { principal: administrator(ACCOUNT), action: 's3:GetObject', resource: OBJECT, account: ACCOUNT };

  test('a condition key', () => {
    expect(() => evaluate(request({ ...call, context: { 's3:tls-version': '1.2' } }))).toThrow("Unknown condition key 's3:tls-version'");
  });
  test('a list for a single-valued key, a string for a multivalued one', () => {
    expect(() => evaluate(request({ ...call, context: { 's3:prefix': ['x'] } }))).toThrow('wrong shape');
    expect(() => evaluate(request({ ...call, context: { 'aws:TagKeys': 'x' } }))).toThrow('wrong shape');
  });
  test('an action with a wildcard', () => {
    expect(() => evaluate(request({ ...call, action: 's3:Get*' }))).toThrow("Unknown form of action 's3:Get*'");
  });
  test('a bucket of nobody', () => {
    expect(() => request({ ...call, account: undefined })).toThrow(`Say which account owns ${OBJECT}`);
  });
  test('a key or role without its policy', () => {
    expect(() => evaluate(callKey({ principal: administrator(ACCOUNT), action: 'kms:Decrypt', key: KEY }))).toThrow(
      'A key always has a policy',
    );
    const assume = { ...call, action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/x` };
    expect(() => evaluate(request(assume))).toThrow('A role always has a policy');
  });
  test('a trust policy that names a resource', () => {
    const assume = request({ ...call, action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/x` });
    expect(() => evaluate(assume, document({ ...HARMLESS, Principal: '*' }))).toThrow('of a trust policy names a resource');
  });
  test('an anonymous request for a key', () => {
    const decrypt = callKey({ principal: anonymous(), action: 'kms:Decrypt', key: KEY });
    expect(() => evaluate(decrypt, document({ ...HARMLESS, Principal: '*' }))).toThrow('takes no anonymous request');
  });
  test('a wildcard in the value of a variable', () => {
    const own = document({ ...HARMLESS, Resource: 'arn:aws:s3:::bucket/${aws:username}' });
    expect(() => evaluate(request({ ...call, principal: user(ACCOUNT, '*', { identity: [own] }) }))).toThrow('contains a wildcard');
  });
});
