import { evaluate, request, role, type Request } from '../../support/iam';

// Examples whose results the IAM user guide states.

type Block = Record<string, Record<string, unknown>>;

const DOCS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/** Whether a statement with this condition takes effect in a request with these condition keys. */
function takesEffect(Condition: Block, context: Request['context']): boolean {
  const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:CreateAccessKey', Resource: '*', Condition } };
  const call = request({
    principal: role('123456789012', 'tester', { identity: [policy] }),
    action: 'iam:CreateAccessKey',
    resource: 'arn:aws:iam::123456789012:user/john',
    from: { ip: '198.51.100.7' },
  });
  return evaluate({ ...call, context }).decision === 'allow';
}

type Row = [what: string, condition: Block, context: Request['context'], expected: boolean];

const check = (_: string, condition: Block, context: Request['context'], expected: boolean) => {
  expect(takesEffect(condition, context)).toBe(expected);
};

describe(`Condition: ${DOCS}/reference_policies_elements_condition.html`, () => {
  const john = { StringEquals: { 'aws:username': 'john' } };
  test.each<Row>([
    ['john is john', john, { 'aws:username': 'john' }, true],
    ['John is not john', john, { 'aws:username': 'John' }, false],
    ['ignoring case, he is', { StringEqualsIgnoreCase: { 'aws:username': 'john' } }, { 'aws:username': 'JOHN' }, true],
    ['and jon is not', { StringEqualsIgnoreCase: { 'aws:username': 'john' } }, { 'aws:username': 'jon' }, false],
    ['names of keys have no case', { StringEquals: { 'AWS:UserName': 'john' } }, { 'aws:username': 'john' }, true],
  ])('%s', check);
});

describe(`Condition operators: ${DOCS}/reference_policies_elements_condition_operators.html`, () => {
  const tag = { StringEquals: { 'aws:PrincipalTag/job-category': 'iamuser-admin' } };
  const home = { StringLike: { 's3:prefix': ['', 'home/', 'home/${aws:username}/'] } };
  const maxKeys = { NumericLessThanEquals: { 's3:max-keys': '10' } };
  const fresh = { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } };
  const plainHttp = { Bool: { 'aws:SecureTransport': 'false' } };
  const office = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
  const offices = { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678::/64'] } };
  const longTerm = { Null: { 'aws:TokenIssueTime': 'true' } };
  const segments = 'arn:aws:someservice:*:111122223333:finance/*';
  const crossing = { 'aws:SourceArn': 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt' };
  const topic = { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:123456789012:TOPIC-ID' } };
  const instance = ['t1.*', 't2.*', 'm3.*'];

  test.each<Row>([
    ['the tag has the value', tag, { 'aws:PrincipalTag/job-category': 'iamuser-admin' }, true],
    ['a key that is not in the request does not match', tag, {}, false],
    ['a negated operator matches a key that is not in the request', { StringNotLike: { 'aws:PrincipalTag/job-category': 'x*' } }, {}, true],
    ['… and one of ARNs too', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/x' } }, {}, true],
    ['an empty prefix', home, { 's3:prefix': '', 'aws:username': 'david' }, true],
    ["the user's own prefix", home, { 's3:prefix': 'home/david/', 'aws:username': 'david' }, true],
    ["another user's prefix", home, { 's3:prefix': 'home/sally/', 'aws:username': 'david' }, false],
    ['ten keys at a time', maxKeys, { 's3:max-keys': '10' }, true],
    ['eleven keys', maxKeys, { 's3:max-keys': '11' }, false],
    ['numbers are no texts: nine is less than ten', maxKeys, { 's3:max-keys': '9' }, true],
    ['a token of 2020', fresh, { 'aws:TokenIssueTime': '2020-06-01T00:00:00Z' }, true],
    ['a token of 2019', fresh, { 'aws:TokenIssueTime': '2019-06-01T00:00:00Z' }, false],
    ['no token: access keys', fresh, {}, false],
    ['plain HTTP', plainHttp, { 'aws:SecureTransport': 'false' }, true],
    ['TLS', plainHttp, { 'aws:SecureTransport': 'true' }, false],
    ['an address of the range', office, { 'aws:SourceIp': '203.0.113.255' }, true],
    ['an address beyond it', office, { 'aws:SourceIp': '203.0.114.0' }, false],
    ['a VPC endpoint: no address', office, {}, false],
    ['an IPv6 address of the ranges', offices, { 'aws:SourceIp': '2001:db8:1234:5678::1' }, true],
    ['an IPv6 address beyond them', offices, { 'aws:SourceIp': '2001:db8:1234:5679::1' }, false],
    ['without a prefix, one address', { IpAddress: { 'aws:SourceIp': '203.0.113.7' } }, { 'aws:SourceIp': '203.0.113.8' }, false],
    ['a wildcard of StringLike crosses colons', { StringLike: { 'aws:SourceArn': segments } }, crossing, true],
    ['one of ArnLike stays within its segment', { ArnLike: { 'aws:SourceArn': segments } }, crossing, false],
    [
      'one in the last segment crosses slashes',
      { ArnLike: { 'aws:SourceArn': segments } },
      { 'aws:SourceArn': 'arn:aws:someservice:us-east-2:111122223333:finance/2026/a:b' },
      true,
    ],
    [
      'ArnEquals and ArnLike are the same',
      { ArnEquals: { 'aws:SourceArn': segments } },
      { 'aws:SourceArn': 'arn:aws:someservice:eu-west-1:111122223333:finance/x' },
      true,
    ],
    ['the topic', topic, { 'aws:SourceArn': 'arn:aws:sns:us-east-1:123456789012:TOPIC-ID' }, true],
    ['a user calls directly: no source', topic, {}, false],
    ['IfExists: the resource has no instance type', { StringLikeIfExists: { 'ec2:InstanceType': instance } }, {}, true],
    ['without IfExists, it does not match', { StringLike: { 'ec2:InstanceType': instance } }, {}, false],
    [
      'IfExists: the type is one of the list',
      { StringLikeIfExists: { 'ec2:InstanceType': instance } },
      { 'ec2:InstanceType': 't2.micro' },
      true,
    ],
    [
      'IfExists: the type is none of the list',
      { StringLikeIfExists: { 'ec2:InstanceType': instance } },
      { 'ec2:InstanceType': 'x1.large' },
      false,
    ],
    [
      'IfExists does not cure another missing key',
      { StringLikeIfExists: { 'ec2:InstanceType': instance }, StringEquals: { 'aws:username': 'john' } },
      {},
      false,
    ],
    ['a negated IfExists still matches a missing tag', { StringNotEqualsIfExists: { 'aws:PrincipalTag/team': 'a' } }, {}, true],
    ['Null true: temporary credentials', longTerm, { 'aws:TokenIssueTime': '2020-06-01T00:00:00Z' }, false],
    ['Null true: access keys', longTerm, {}, true],
    [
      'Null false: temporary credentials',
      { Null: { 'aws:TokenIssueTime': 'false' } },
      { 'aws:TokenIssueTime': '2020-06-01T00:00:00Z' },
      true,
    ],
    ['Null false: access keys', { Null: { 'aws:TokenIssueTime': 'false' } }, {}, false],
  ])('%s', check);
});

describe(`Multiple keys or values: ${DOCS}/reference_policies_condition-logic-multiple-context-keys-or-values.html`, () => {
  const block = {
    StringEqualsIgnoreCase: { 'aws:PrincipalTag/department': ['finance', 'hr', 'legal'], 'aws:PrincipalTag/role': ['audit', 'security'] },
    StringEquals: { 'aws:PrincipalAccount': '123456789012' },
  };
  const member = { 'aws:PrincipalTag/department': 'HR', 'aws:PrincipalTag/role': 'audit', 'aws:PrincipalAccount': '123456789012' };
  const none = { StringNotEquals: { 'aws:PrincipalAccount': ['111111111111', '222222222222'] } };

  test.each<Row>([
    ['all hold', block, member, true],
    ['values are alternatives', block, { ...member, 'aws:PrincipalTag/department': 'legal', 'aws:PrincipalTag/role': 'security' }, true],
    ['one key of an operator fails', block, { ...member, 'aws:PrincipalTag/role': 'cook' }, false],
    ['another operator fails', block, { ...member, 'aws:PrincipalAccount': '999999999999' }, false],
    ['negated: none of the values', none, { 'aws:PrincipalAccount': '333333333333' }, true],
    ['negated: one of the values', none, { 'aws:PrincipalAccount': '222222222222' }, false],
  ])('%s', check);
});

describe(`Set operators: ${DOCS}/reference_policies_condition-single-vs-multi-valued-context-keys.html`, () => {
  const all = { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['ID', 'Message', 'Tags'] } };
  const any = { 'ForAnyValue:StringEquals': { 'dynamodb:Attributes': ['ID', 'PostDateTime'] } };
  const restrictedTags = { Null: { 'aws:TagKeys': 'false' }, 'ForAllValues:StringLike': { 'aws:TagKeys': ['key1*', 'key2*', 'key3*'] } };
  const notLogging = { 'ForAllValues:StringNotEquals': { 'aws:PrincipalServiceNamesList': 'logging.s3.amazonaws.com' } };

  test.each<Row>([
    ['all: every attribute is listed', all, { 'dynamodb:Attributes': ['ID', 'Message', 'Tags'] }, true],
    ['all: one attribute is not', all, { 'dynamodb:Attributes': ['ID', 'UserName'] }, false],
    ['all: no key in the request', all, {}, true],
    ['all: an empty list', all, { 'dynamodb:Attributes': [] }, true],
    ['all: an empty string is no value', all, { 'dynamodb:Attributes': [''] }, true],
    ['any: one attribute is listed', any, { 'dynamodb:Attributes': ['UserName', 'Message', 'PostDateTime'] }, true],
    ['any: no attribute is', any, { 'dynamodb:Attributes': ['UserName'] }, false],
    ['any: no key in the request', any, {}, false],
    ['any: an empty list', any, { 'dynamodb:Attributes': [] }, false],
    ['Null false asks for a value beside ForAllValues: there is none', restrictedTags, {}, false],
    ['Null false asks for a value: the list is empty', restrictedTags, { 'aws:TagKeys': [] }, false],
    ['Null false asks for a value: every key is restricted', restrictedTags, { 'aws:TagKeys': ['key1', 'key2-x'] }, true],
    ['all, negated: no name is the one', notLogging, { 'aws:PrincipalServiceNamesList': ['cloudtrail.amazonaws.com'] }, true],
    [
      'all, negated: one name is',
      notLogging,
      { 'aws:PrincipalServiceNamesList': ['logging.s3.eu-west-1.amazonaws.com', 'logging.s3.amazonaws.com'] },
      false,
    ],
    ['all, negated: no service calls', notLogging, {}, true],
    ['any, negated: no key in the request', { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'a' } }, {}, false],
    [
      'any, negated: another value beside the one',
      { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'a' } },
      { 'aws:TagKeys': ['a', 'b'] },
      true,
    ],
  ])('%s', check);
});

describe(`Dates: ${DOCS}/reference_policies_examples_aws-dates.html`, () => {
  const quarter = {
    DateGreaterThan: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' },
    DateLessThan: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' },
  };
  test.each<Row>([
    ['within', quarter, { 'aws:CurrentTime': '2020-05-01T00:00:00+02:00' }, true],
    ['before', quarter, { 'aws:CurrentTime': '2020-03-31T00:00:00Z' }, false],
    ['after', quarter, { 'aws:CurrentTime': '2020-07-01T00:00:00Z' }, false],
    [
      'seconds since 1970, not before',
      { DateLessThan: { 'aws:EpochTime': '2020-01-01T00:00:00Z' } },
      { 'aws:EpochTime': '1577836800' },
      false,
    ],
    [
      'seconds since 1970 compare with a date',
      { DateLessThan: { 'aws:EpochTime': '2020-01-01T00:00:00Z' } },
      { 'aws:EpochTime': '1577836799' },
      true,
    ],
  ])('%s', check);
});

describe(`Source address, but not of services: ${DOCS}/reference_policies_examples_aws_deny-ip.html`, () => {
  const outside = { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] }, Bool: { 'aws:ViaAWSService': 'false' } };
  test.each<Row>([
    ['from outside', outside, { 'aws:SourceIp': '198.51.100.1', 'aws:ViaAWSService': 'false' }, true],
    ['from the second range', outside, { 'aws:SourceIp': '203.0.113.9', 'aws:ViaAWSService': 'false' }, false],
    ['by a service on behalf of the principal', outside, { 'aws:ViaAWSService': 'true' }, false],
    ['negated, with no address in the request', outside, { 'aws:ViaAWSService': 'false' }, true],
  ])('%s', check);
});

describe(`Variables: ${DOCS}/reference_policies_variables.html`, () => {
  const team = { StringNotEquals: { 's3:ExistingObjectTag/Team': '${aws:PrincipalTag/Team}' } };
  const sameTeam = { StringEquals: { 's3:ExistingObjectTag/Team': '${aws:PrincipalTag/Team}' } };
  const defaulted = { StringEquals: { 's3:prefix': "${aws:PrincipalTag/team, 'company-wide'}/x" } };
  test.each<Row>([
    ['the value of the tag', sameTeam, { 's3:ExistingObjectTag/Team': 'a', 'aws:PrincipalTag/Team': 'a' }, true],
    ['another value', sameTeam, { 's3:ExistingObjectTag/Team': 'a', 'aws:PrincipalTag/Team': 'b' }, false],
    ['a variable without a value equals nothing', sameTeam, { 's3:ExistingObjectTag/Team': 'a' }, false],
    ['… not even the empty string', sameTeam, { 's3:ExistingObjectTag/Team': '' }, false],
    ['… so the negated operator matches', team, { 's3:ExistingObjectTag/Team': 'a' }, true],
    ['the default, without a tag', defaulted, { 's3:prefix': 'company-wide/x' }, true],
    ['the tag, in place of the default', defaulted, { 's3:prefix': 'yellow/x', 'aws:PrincipalTag/team': 'yellow' }, true],
    ['${*} is an asterisk and no wildcard', { StringLike: { 's3:prefix': 'a${*}' } }, { 's3:prefix': 'ab' }, false],
    ['${*} matches an asterisk', { StringLike: { 's3:prefix': 'a${*}' } }, { 's3:prefix': 'a*' }, true],
    ['${?} is a question mark', { StringLike: { 's3:prefix': 'a${?}' } }, { 's3:prefix': 'ab' }, false],
    ['${$} is a dollar sign', { StringEquals: { 's3:prefix': '${$}x' } }, { 's3:prefix': '$x' }, true],
    ['? is one character', { StringLike: { 's3:prefix': 'a?c' } }, { 's3:prefix': 'abbc' }, false],
    ['wildcards are none for StringEquals', { StringEquals: { 's3:prefix': 'a*' } }, { 's3:prefix': 'ab' }, false],
    ['a dot is a dot', { StringLike: { 's3:prefix': 'a.c*' } }, { 's3:prefix': 'abc' }, false],
  ])('%s', check);
});
