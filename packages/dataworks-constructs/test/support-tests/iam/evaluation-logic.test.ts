import {
  administrator,
  anonymous,
  assumeRole,
  assumeRoleWithWebIdentity,
  callKey,
  evaluate,
  FULL_ACCESS,
  request,
  role,
  service,
  user,
  useKeyThroughS3,
  webIdentity,
  type Decision,
  type IdentityPolicies,
  type Principal,
} from '../../support/iam';

// Examples whose results the user guides of IAM and KMS state.

const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const KMS = 'https://docs.aws.amazon.com/kms/latest/developerguide';

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[] = '*') => policy({ Effect: 'Allow', Action, Resource });
const deny = (Action: string | string[], Resource: string | string[] = '*') => policy({ Effect: 'Deny', Action, Resource });
const grantTo = (principal: unknown, Action = '*') => policy({ Effect: 'Allow', Principal: principal, Action, Resource: '*' });

const OWNER = '111122223333';
const STRANGER = '444455556666';
const OBJECT = 'arn:aws:s3:::examplebucket/key';

const read = (principal: Principal, resourcePolicy?: unknown) =>
  evaluate(request({ principal, action: 's3:GetObject', resource: OBJECT, account: OWNER }), resourcePolicy);

const allowedBy = (...by: string[]): Decision => ({ decision: 'allow', by });
const deniedBy = (...by: string[]): Decision => ({ decision: 'explicitDeny', by });
const notAllowedBy = (...by: string[]): Decision => ({ decision: 'implicitDeny', by });

describe(`Identity and bucket policy of one account: ${IAM}/reference_policies_evaluation-logic.html`, () => {
  const account = '123456789012';
  const carlos = user(account, 'carlossalazar', {
    identity: [
      policy(
        {
          Sid: 'AllowS3ListRead',
          Effect: 'Allow',
          Action: ['s3:GetBucketLocation', 's3:GetAccountPublicAccessBlock', 's3:ListAccessPoints', 's3:ListAllMyBuckets'],
          Resource: 'arn:aws:s3:::*',
        },
        { Sid: 'AllowS3Self', Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::carlossalazar/*', 'arn:aws:s3:::carlossalazar'] },
        { Sid: 'DenyS3Logs', Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::*log*' },
      ),
    ],
  });
  const bucketPolicy = policy({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::123456789012:user/carlossalazar' },
    Action: 's3:*',
    Resource: ['arn:aws:s3:::carlossalazar/*', 'arn:aws:s3:::carlossalazar'],
  });
  const save = (bucket: string) => request({ principal: carlos, action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/file`, account });

  test('a deny of the identity policy wins', () => {
    expect(evaluate(save('carlossalazar-logs'))).toEqual(deniedBy('identity:DenyS3Logs'));
  });
  test('both policies allow', () => {
    expect(evaluate(save('carlossalazar'), bucketPolicy)).toEqual(allowedBy('identity:AllowS3Self', 'resource:#0'));
  });
  test('the identity policy alone is enough', () => {
    expect(evaluate(save('carlossalazar'))).toEqual(allowedBy('identity:AllowS3Self'));
  });
  test('the bucket policy alone is enough', () => {
    expect(evaluate({ ...save('carlossalazar'), principal: user(account, 'carlossalazar') }, bucketPolicy)).toEqual(
      allowedBy('resource:#0'),
    );
  });
  test('the bucket policy is for nobody else', () => {
    expect(evaluate({ ...save('carlossalazar'), principal: user(account, 'sally') }, bucketPolicy)).toEqual(
      notAllowedBy('resource', 'identity'),
    );
  });
});

describe(`Explicit and implicit denies: ${IAM}/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html`, () => {
  const reader = role(OWNER, 'reader', {
    identity: [
      policy(
        { Sid: 'AllowGetList', Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' },
        { Sid: 'DenyReports', Effect: 'Deny', Action: 'iam:*Report', Resource: '*' },
      ),
      allow('iam:GenerateCredentialReport'),
    ],
  });
  test.each([
    ['iam:ListUsers', allowedBy('identity:AllowGetList')],
    ['iam:CreatePolicy', notAllowedBy('identity')],
    ['iam:GetOrganizationsAccessReport', deniedBy('identity:DenyReports')],
    ['iam:GenerateCredentialReport', deniedBy('identity:DenyReports')],
  ])('%s', (action, expected) => {
    expect(evaluate(request({ principal: reader, action, resource: '*', account: OWNER }))).toEqual(expected);
  });
});

describe(`Implicit denies beside a bucket policy of the same account: ${IAM}/reference_policies_evaluation-logic_policy-eval-denyallow.html`, () => {
  const elsewhere = allow('ec2:*');
  const roleArn = { AWS: `arn:aws:iam::${OWNER}:role/examplerole` };
  const sessionArn = { AWS: `arn:aws:sts::${OWNER}:assumed-role/examplerole/examplerolesessionname` };
  const userArn = { AWS: `arn:aws:iam::${OWNER}:user/exampleuser` };
  const session = (policies: IdentityPolicies = {}) => role(OWNER, 'examplerole', { sessionName: 'examplerolesessionname', ...policies });

  test.each<[string, Principal, unknown, Decision]>([
    ['the role: no identity policy is needed', session(), roleArn, allowedBy('resource:#0')],
    ['the role: its boundary still limits', session({ boundary: elsewhere }), roleArn, notAllowedBy('identity', 'boundary')],
    ['the role: its session policy still limits', session({ session: [elsewhere] }), roleArn, notAllowedBy('identity', 'session')],
    [
      'the session: neither boundary nor session policy limits',
      session({ boundary: elsewhere, session: [elsewhere] }),
      sessionArn,
      allowedBy('resource:#0'),
    ],
    ['another session of the role', role(OWNER, 'examplerole', { sessionName: 'other' }), sessionArn, notAllowedBy('resource', 'identity')],
    ['the user: the boundary does not limit', user(OWNER, 'exampleuser', { boundary: elsewhere }), userArn, allowedBy('resource:#0')],
    ['everyone: the boundary does not limit', session({ boundary: elsewhere }), '*', allowedBy('resource:#0')],
    ['everyone: a boundary that denies does', session({ boundary: deny('s3:*') }), '*', deniedBy('boundary:#0')],
    ['the account leaves it to identity policies', session(), { AWS: OWNER }, notAllowedBy('identity')],
    [
      'the account leaves it to identity policies, which allow',
      session({ identity: [allow('s3:*')] }),
      { AWS: OWNER },
      allowedBy('identity:#0'),
    ],
    [
      'a service control policy limits all of them',
      session({ serviceControl: [elsewhere] }),
      sessionArn,
      notAllowedBy('identity', 'serviceControl'),
    ],
    [
      'a role with the same name in another account',
      role(STRANGER, 'examplerole', { identity: [FULL_ACCESS] }),
      roleArn,
      notAllowedBy('resource'),
    ],
  ])('%s', (_, principal, named, expected) => {
    expect(read(principal, grantTo(named))).toEqual(expected);
  });
});

describe(`Everyone but one, without NotPrincipal: ${IAM}/reference_policies_elements_principal.html`, () => {
  const bucketPolicy = policy({
    Sid: 'UsePrincipalArnInsteadOfNotPrincipalWithDeny',
    Effect: 'Deny',
    Action: 's3:*',
    Principal: '*',
    Resource: ['arn:aws:s3:::examplebucket/*', 'arn:aws:s3:::examplebucket'],
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWNER}:user/user-name` } },
  });
  test.each<[string, Principal, Decision]>([
    ['the one', user(OWNER, 'user-name', { identity: [FULL_ACCESS] }), allowedBy('identity:FullAccess')],
    ['an administrator', administrator(OWNER), deniedBy('resource:UsePrincipalArnInsteadOfNotPrincipalWithDeny')],
    ['an unsigned request, which has no ARN', anonymous(), deniedBy('resource:UsePrincipalArnInsteadOfNotPrincipalWithDeny')],
  ])('%s', (_, principal, expected) => {
    expect(read(principal, bucketPolicy)).toEqual(expected);
  });
  test('aws:PrincipalArn is the ARN of the role, not of the session', () => {
    const { Statement } = bucketPolicy;
    const but = policy({
      ...Statement[0],
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWNER}:role/Administrator` } },
    });
    expect(read(administrator(OWNER), but)).toEqual(allowedBy('identity:FullAccess'));
  });
  test.each<[string, unknown, Principal, Decision['decision']]>([
    ['everyone includes those who do not sign', '*', anonymous(), 'allow'],
    ['so does every AWS principal', { AWS: '*' }, anonymous(), 'allow'],
    ['everyone elsewhere still needs an identity policy', '*', role(STRANGER, 'reader'), 'implicitDeny'],
    ['everyone elsewhere, with one', '*', role(STRANGER, 'reader', { identity: [allow('s3:GetObject')] }), 'allow'],
    ['one of several accounts', { AWS: ['123456789012', STRANGER] }, role(STRANGER, 'reader', { identity: [allow('s3:*')] }), 'allow'],
    [
      'the ARN of an account is the account',
      { AWS: `arn:aws:iam::${STRANGER}:root` },
      role(STRANGER, 'reader', { identity: [allow('s3:*')] }),
      'allow',
    ],
    ['no service is an account', { AWS: OWNER }, service('cloudtrail.amazonaws.com'), 'implicitDeny'],
    ['a service', { Service: ['ecs.amazonaws.com', 'cloudtrail.amazonaws.com'] }, service('cloudtrail.amazonaws.com'), 'allow'],
    ['another service', { Service: 'ecs.amazonaws.com' }, service('cloudtrail.amazonaws.com'), 'implicitDeny'],
  ])('%s', (_, named, principal, decision) => {
    expect(read(principal, grantTo(named)).decision).toBe(decision);
  });
});

describe(`Cross-account requests: ${IAM}/reference_policies_evaluation-logic-cross-account.html`, () => {
  const carlos = user('111111111111', 'carlossalazar', {
    identity: [
      policy(
        { Sid: 'AllowS3ListRead', Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
        { Sid: 'AllowS3ProductionObjectActions', Effect: 'Allow', Action: 's3:*Object*', Resource: 'arn:aws:s3:::Production/*' },
        { Sid: 'DenyS3Logs', Effect: 'Deny', Action: 's3:*', Resource: ['arn:aws:s3:::*log*', 'arn:aws:s3:::*log*/*'] },
      ),
    ],
  });
  const production = policy({
    Effect: 'Allow',
    Action: ['s3:GetObject*', 's3:PutObject*', 's3:ReplicateObject', 's3:RestoreObject'],
    Principal: { AWS: 'arn:aws:iam::111111111111:user/carlossalazar' },
    Resource: 'arn:aws:s3:::Production/*',
  });
  const call = (action: string, bucket: string) =>
    request({ principal: carlos, action, resource: `arn:aws:s3:::${bucket}/file`, account: '222222222222' });

  test('denied in the account of the principal', () => {
    expect(evaluate(call('s3:PutObject', 'Production-logs'))).toEqual(deniedBy('identity:DenyS3Logs'));
  });
  test('allowed in both', () => {
    expect(evaluate(call('s3:PutObject', 'Production'), production)).toEqual(
      allowedBy('identity:AllowS3ProductionObjectActions', 'resource:#0'),
    );
  });
  test('not allowed by the bucket', () => {
    expect(evaluate(call('s3:DeleteObject', 'Production'), production)).toEqual(notAllowedBy('resource'));
  });
  test('ARNs have a case', () => {
    expect(evaluate(call('s3:PutObject', 'production'), production).decision).toBe('implicitDeny');
  });
  test('without a bucket policy', () => {
    expect(evaluate(call('s3:PutObject', 'Production'))).toEqual(notAllowedBy('resource'));
  });
  test('a session named by its ARN is not spared an identity policy', () => {
    const named = grantTo({ AWS: `arn:aws:sts::${STRANGER}:assumed-role/reader/session` });
    expect(read(role(STRANGER, 'reader'), named)).toEqual(notAllowedBy('identity'));
  });
});

describe(`Permissions boundaries: ${IAM}/access_policies_boundaries.html`, () => {
  const boundary = allow(['s3:*', 'cloudwatch:*', 'ec2:*']);
  const shirley = (policies: IdentityPolicies) => user(OWNER, 'ShirleyRodriguez', { boundary, ...policies });
  const call = (principal: Principal, action: string) => evaluate(request({ principal, action, resource: '*', account: OWNER }));

  test('what the boundary lacks cannot be allowed', () => {
    expect(call(shirley({ identity: [allow('iam:CreateUser')] }), 'iam:CreateUser')).toEqual(notAllowedBy('boundary'));
  });
  test('a boundary allows nothing by itself', () => {
    expect(call(shirley({ identity: [allow('iam:CreateUser')] }), 's3:ListAllMyBuckets')).toEqual(notAllowedBy('identity'));
  });
  test('both allow', () => {
    expect(call(shirley({ identity: [allow('s3:*')] }), 's3:ListAllMyBuckets')).toEqual(allowedBy('identity:#0'));
  });
  test.each<[string, IdentityPolicies, Decision]>([
    ['all four allow', { serviceControl: [FULL_ACCESS] }, allowedBy('identity:#0')],
    ['the service control policies do not', { serviceControl: [allow('ec2:*')] }, notAllowedBy('serviceControl')],
    ['a service control policy denies', { serviceControl: [FULL_ACCESS, deny('s3:*')] }, deniedBy('serviceControl:#1')],
    ['one of two service control policies allows', { serviceControl: [allow('ec2:*'), allow('s3:*')] }, allowedBy('identity:#0')],
  ])('with an organization: %s', (_, organization, expected) => {
    expect(call(shirley({ identity: [allow('s3:*')], ...organization }), 's3:ListAllMyBuckets')).toEqual(expected);
  });
  test('a session has what role, boundary and session policy all allow', () => {
    const limited = (session: unknown) => role(OWNER, 'worker', { identity: [FULL_ACCESS], boundary, session: [session] });
    expect(call(limited(allow('s3:*')), 's3:ListAllMyBuckets')).toEqual(allowedBy('identity:FullAccess'));
    expect(call(limited(allow('ec2:*')), 's3:ListAllMyBuckets')).toEqual(notAllowedBy('session'));
    expect(call(limited(allow('iam:*')), 'iam:ListUsers')).toEqual(notAllowedBy('boundary'));
  });
});

describe(`Actions: ${IAM}/reference_policies_elements_action.html`, () => {
  const may = (document: object, action: string, resource = '*') =>
    evaluate(request({ principal: role(OWNER, 'x', { identity: [document] }), action, resource, account: OWNER })).decision === 'allow';
  const keys = allow('iam:*AccessKey*');
  test.each([
    [keys, 'iam:CreateAccessKey', true],
    [keys, 'iam:ListAccessKeys', true],
    [keys, 'iam:CreateUser', false],
    [allow('IAM:listaccesskeys'), 'iam:ListAccessKeys', true],
    [allow('s3:*'), 's3:GetObject', true],
    [allow('s3:*'), 's3express:CreateSession', false],
  ])('%j and %s: %p', (document, action, expected) => {
    expect(may(document, action)).toBe(expected);
  });

  describe(`NotAction: ${IAM}/reference_policies_elements_notaction.html`, () => {
    const butDelete = policy({ Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: 'arn:aws:s3:::*' });
    const butIam = policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' });
    test.each([
      ['another action of the resource', butDelete, 's3:CreateBucket', 'arn:aws:s3:::bucket', true],
      ['the excepted action', butDelete, 's3:DeleteBucket', 'arn:aws:s3:::bucket', false],
      ['an action that has no resource', butDelete, 's3:ListAllMyBuckets', '*', false],
      ['an action of another service', butDelete, 'sqs:CreateQueue', `arn:aws:sqs:us-east-1:${OWNER}:q`, false],
      ['every service but one', butIam, 'sqs:CreateQueue', `arn:aws:sqs:us-east-1:${OWNER}:q`, true],
      ['the one', butIam, 'iam:CreateUser', '*', false],
    ])('%s', (_, document, action, resource, expected) => {
      expect(may(document, action, resource)).toBe(expected);
    });

    const mfa = policy({
      Sid: 'DenyAllUsersNotUsingMFA',
      Effect: 'Deny',
      NotAction: 'iam:*',
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    });
    const signedIn = (context: object, action: string) =>
      evaluate(
        request({
          principal: user(OWNER, 'x', { identity: [FULL_ACCESS, mfa] }),
          action,
          resource: '*',
          account: OWNER,
          context: { ...context },
        }),
      );
    test.each([
      ['without MFA', { 'aws:MultiFactorAuthPresent': 'false' }, 'ec2:RunInstances', deniedBy('identity:DenyAllUsersNotUsingMFA')],
      ['with access keys, which tell nothing', {}, 'ec2:RunInstances', deniedBy('identity:DenyAllUsersNotUsingMFA')],
      ['with MFA', { 'aws:MultiFactorAuthPresent': 'true' }, 'ec2:RunInstances', allowedBy('identity:FullAccess')],
      ['an IAM action', {}, 'iam:ListUsers', allowedBy('identity:FullAccess')],
    ])('denied but IAM: %s', (_, context, action, expected) => {
      expect(signedIn(context, action)).toEqual(expected);
    });
  });

  describe(`by requested Region: ${IAM}/reference_policies_examples_aws_deny-requested-region.html`, () => {
    const outside = policy({
      Sid: 'DenyAllOutsideRequestedRegions',
      Effect: 'Deny',
      NotAction: ['cloudfront:*', 'iam:*', 'route53:*', 'support:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'] } },
    });
    const principal = role(OWNER, 'x', { identity: [FULL_ACCESS, outside] });
    test.each([
      ['s3:CreateBucket', 'us-east-1', 'explicitDeny'],
      ['s3:CreateBucket', 'eu-west-3', 'allow'],
      ['iam:CreateRole', 'us-east-1', 'allow'],
    ])('%s in %s', (action, region, decision) => {
      expect(evaluate(request({ principal, action, resource: '*', account: OWNER, region })).decision).toBe(decision);
    });
  });
});

describe(`Resources: ${IAM}/reference_policies_elements_resource.html`, () => {
  const principal = (document: object, options: object = {}) => role(OWNER, 'x', { identity: [document], ...options });
  const may = (document: object, key: string) =>
    evaluate(request({ principal: principal(document), action: 's3:GetObject', resource: `arn:aws:s3:::bucket/${key}`, account: OWNER }))
      .decision === 'allow';
  const tests = allow('s3:GetObject', 'arn:aws:s3:::bucket/*/test/*');
  test.each([
    ['1/test/object.jpg', true],
    ['1/2/test/object.jpg', true],
    ['1/2/test/3/object.jpg', true],
    ['1///test///object.jpg', true],
    ['1/test/.jpg', true],
    ['/test/object.jpg', true],
    ['1/2/test/', true],
    ['1-test/object.jpg', false],
    ['test/object.jpg', false],
    ['1/2/test.jpg', false],
  ])('*/test/* and %s: %p', (key, expected) => {
    expect(may(tests, key)).toBe(expected);
  });
  test('a wildcard does not leave its segment of an ARN', () => {
    const call = (resource: string) =>
      evaluate(
        request({ principal: principal(allow('sqs:*', `arn:aws:sqs:*:${OWNER}:q`)), action: 'sqs:SendMessage', resource, account: OWNER }),
      ).decision;
    expect(call(`arn:aws:sqs:us-east-1:${OWNER}:q`)).toBe('allow');
    expect(call(`arn:aws:sqs:us-east-1:${STRANGER}:x:${OWNER}:q`)).toBe('implicitDeny');
  });

  test.each([
    ['Payroll/may.csv', 'implicitDeny'],
    ['Other/may.csv', 'explicitDeny'],
  ])(`NotResource: ${IAM}/reference_policies_elements_notresource.html, %s`, (key, decision) => {
    const others = policy({
      Effect: 'Deny',
      Action: 's3:*',
      NotResource: ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'],
    });
    const call = request({
      principal: principal(others),
      action: 's3:GetObject',
      resource: `arn:aws:s3:::HRBucket/${key}`,
      account: OWNER,
    });
    expect(evaluate(call).decision).toBe(decision);
  });

  describe(`with variables: ${IAM}/reference_policies_variables.html`, () => {
    const own = allow('s3:GetObject', 'arn:aws:s3:::mybucket/${aws:username}/*');
    const ofTeam = allow('s3:ListBucket', "arn:aws:s3:::bucket-${aws:PrincipalTag/team, 'company-wide'}");
    const call = (caller: Principal, action: string, resource: string) =>
      evaluate(request({ principal: caller, action, resource, account: OWNER })).decision;
    test.each<[string, Principal, string, string, Decision['decision']]>([
      ["the user's folder", user(OWNER, 'David', { identity: [own] }), 's3:GetObject', 'arn:aws:s3:::mybucket/David/x', 'allow'],
      ["another user's", user(OWNER, 'David', { identity: [own] }), 's3:GetObject', 'arn:aws:s3:::mybucket/Sally/x', 'implicitDeny'],
      ['a role has no user name', principal(own), 's3:GetObject', 'arn:aws:s3:::mybucket/David/x', 'implicitDeny'],
      ['nor an empty one', principal(own), 's3:GetObject', 'arn:aws:s3:::mybucket//x', 'implicitDeny'],
      ['the team', principal(ofTeam, { tags: { team: 'yellow' } }), 's3:ListBucket', 'arn:aws:s3:::bucket-yellow', 'allow'],
      [
        'no longer the default',
        principal(ofTeam, { tags: { team: 'yellow' } }),
        's3:ListBucket',
        'arn:aws:s3:::bucket-company-wide',
        'implicitDeny',
      ],
      ['no team', principal(ofTeam), 's3:ListBucket', 'arn:aws:s3:::bucket-company-wide', 'allow'],
    ])('%s', (_, caller, action, resource, decision) => {
      expect(call(caller, action, resource)).toBe(decision);
    });
  });
});

describe(`Role trust policies: ${IAM}/id_roles_compare-resource-policies.html`, () => {
  const target = `arn:aws:iam::${OWNER}:role/target`;
  const trust = (principal: unknown, Condition: object = {}, Action: string | string[] = 'sts:AssumeRole') =>
    policy({ Effect: 'Allow', Principal: principal, Action, Condition });
  const assume = (principal: Parameters<typeof assumeRole>[0]['principal'], document: unknown, externalId?: string) =>
    evaluate(assumeRole({ principal, role: target, externalId }), document);

  test('an administrator does not get in without it', () => {
    expect(assume(administrator(OWNER), trust({ Service: 'lambda.amazonaws.com' }))).toEqual(notAllowedBy('resource'));
  });
  test('a principal of the account that it names needs no identity policy', () => {
    expect(assume(role(OWNER, 'caller'), trust({ AWS: `arn:aws:iam::${OWNER}:role/caller` }))).toEqual(allowedBy('resource:#0'));
  });
  test('the account leaves it to identity policies', () => {
    expect(assume(role(OWNER, 'caller'), trust({ AWS: OWNER }))).toEqual(notAllowedBy('identity'));
    expect(assume(administrator(OWNER), trust({ AWS: OWNER }))).toEqual(allowedBy('identity:FullAccess', 'resource:#0'));
  });
  test('a principal of another account needs one', () => {
    const named = trust({ AWS: `arn:aws:iam::${STRANGER}:role/caller` });
    expect(assume(role(STRANGER, 'caller'), named)).toEqual(notAllowedBy('identity'));
    expect(assume(role(STRANGER, 'caller', { identity: [allow('sts:AssumeRole', target)] }), named).decision).toBe('allow');
  });
  test('a boundary limits who assumes', () => {
    const bounded = role(OWNER, 'caller', { boundary: allow('s3:*') });
    expect(assume(bounded, trust({ AWS: `arn:aws:iam::${OWNER}:role/caller` })).decision).toBe('implicitDeny');
  });

  describe(`external id: ${IAM}/confused-deputy.html`, () => {
    const named = trust({ AWS: STRANGER }, { StringEquals: { 'sts:ExternalId': '12345' } });
    test.each([
      ['12345', 'allow'],
      ['67890', 'implicitDeny'],
      [undefined, 'implicitDeny'],
    ])('%s', (externalId, decision) => {
      expect(assume(administrator(STRANGER), named, externalId).decision).toBe(decision);
    });
  });

  describe(`source of a service: ${IAM}/confused-deputy.html#cross-service-confused-deputy-prevention`, () => {
    const record = `arn:aws:ssm-incidents:*:${OWNER}:incident-record/myresponseplan/*`;
    const named = trust({ Service: 'ssm-incidents.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': record } });
    test.each([
      ['an incident of the plan', { arn: `arn:aws:ssm-incidents:us-east-1:${OWNER}:incident-record/myresponseplan/1` }, 'allow'],
      ['an incident of another plan', { arn: `arn:aws:ssm-incidents:us-east-1:${OWNER}:incident-record/other/1` }, 'implicitDeny'],
      [
        'an incident of another account',
        { arn: `arn:aws:ssm-incidents:us-east-1:${STRANGER}:incident-record/myresponseplan/1` },
        'implicitDeny',
      ],
      ['no source', {}, 'implicitDeny'],
    ])('%s', (_, source, decision) => {
      expect(assume(service('ssm-incidents.amazonaws.com', source), named).decision).toBe(decision);
    });
  });

  describe(`tokens of an OpenID Connect provider: ${IAM}/id_roles_providers_create_oidc.html`, () => {
    const provider = `arn:aws:iam::${OWNER}:oidc-provider/oidc.circleci.com/org/1234`;
    const branch = 'org/1234/project/5678/user/00000000-0000-0000-0000-000000000000/vcs-origin/github.com/o/r/vcs-ref/refs/heads/main';
    const named = trust(
      { Federated: provider },
      {
        StringEquals: { 'oidc.circleci.com/org/1234:aud': '1234', 'oidc.circleci.com/org/1234:oidc.circleci.com/project-id': '5678' },
        StringLike: { 'oidc.circleci.com/org/1234:sub': branch.replace(/0/g, '?') },
      },
      'sts:AssumeRoleWithWebIdentity',
    );
    const claims = { aud: '1234', sub: branch, 'oidc.circleci.com/project-id': '5678' };
    test.each<[string, Record<string, string>, string, Decision['decision']]>([
      ['of the project and branch', claims, provider, 'allow'],
      ['for another audience', { ...claims, aud: '9' }, provider, 'implicitDeny'],
      ['of another project', { ...claims, 'oidc.circleci.com/project-id': '9' }, provider, 'implicitDeny'],
      ['of another branch', { ...claims, sub: `${branch}2` }, provider, 'implicitDeny'],
      ['of another provider', claims, `${provider}5`, 'implicitDeny'],
    ])('%s', (_, given, by, decision) => {
      const call = assumeRoleWithWebIdentity({ principal: webIdentity(by, given), role: target });
      expect(evaluate({ ...call, context: { ...call.context, ...webIdentity(provider, given).keys } }, named).decision).toBe(decision);
    });
    test('a trust for tokens is none for AssumeRole', () => {
      expect(assume(administrator(OWNER), named).decision).toBe('implicitDeny');
    });
  });
});

describe(`KMS key policies: ${KMS}/key-policy-default.html`, () => {
  const key = `arn:aws:kms:us-west-2:${OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const root = {
    Sid: 'Enable IAM policies',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${OWNER}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const administrators = {
    Sid: 'Allow access for Key Administrators',
    Effect: 'Allow',
    Principal: { AWS: [`arn:aws:iam::${OWNER}:user/KMSAdminUser`, `arn:aws:iam::${OWNER}:role/KMSAdminRole`] },
    Action: [
      'kms:Create*',
      'kms:Describe*',
      'kms:Enable*',
      'kms:List*',
      'kms:Put*',
      'kms:Update*',
      'kms:Revoke*',
      'kms:Disable*',
      'kms:Get*',
      'kms:Delete*',
    ],
    Resource: '*',
  };
  const call = (principal: Principal, action: string, ...statements: object[]) =>
    evaluate(callKey({ principal, action, key }), policy(...statements));

  test.each<[string, Principal, string, object[], Decision]>([
    [
      'by default the account leaves it to IAM',
      administrator(OWNER),
      'kms:Decrypt',
      [root],
      allowedBy('identity:FullAccess', 'resource:Enable IAM policies'),
    ],
    ['by default nobody has it without IAM', role(OWNER, 'x'), 'kms:Decrypt', [root], notAllowedBy('identity')],
    ['without the statement, IAM policies have no effect', administrator(OWNER), 'kms:Decrypt', [administrators], notAllowedBy('resource')],
    [
      '… but those that deny have',
      role(OWNER, 'KMSAdminRole', { identity: [deny('kms:*')] }),
      'kms:DescribeKey',
      [administrators],
      deniedBy('identity:#0'),
    ],
    [
      'key administrators manage',
      role(OWNER, 'KMSAdminRole'),
      'kms:PutKeyPolicy',
      [administrators],
      allowedBy('resource:Allow access for Key Administrators'),
    ],
    [
      'kms:Create* includes CreateGrant',
      user(OWNER, 'KMSAdminUser'),
      'kms:CreateGrant',
      [administrators],
      allowedBy('resource:Allow access for Key Administrators'),
    ],
    [
      'key administrators do not use the key',
      role(OWNER, 'KMSAdminRole'),
      'kms:Decrypt',
      [administrators],
      notAllowedBy('resource', 'identity'),
    ],
  ])('%s', (_, principal, action, statements, expected) => {
    expect(call(principal, action, ...statements)).toEqual(expected);
  });

  describe(`of other accounts: ${KMS}/key-policy-modifying-external-accounts.html`, () => {
    const external = {
      Sid: 'Allow an external account to use this KMS key',
      Effect: 'Allow',
      Principal: { AWS: [`arn:aws:iam::${STRANGER}:root`] },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
    };
    const delegated = allow(['kms:Encrypt', 'kms:Decrypt', 'kms:ScheduleKeyDeletion'], key);
    test.each<[string, Principal, string, Decision['decision']]>([
      ['key policy and IAM policy allow', role(STRANGER, 'x', { identity: [delegated] }), 'kms:Decrypt', 'allow'],
      ['no IAM policy', role(STRANGER, 'x'), 'kms:Decrypt', 'implicitDeny'],
      [
        'an action that only the IAM policy lists',
        role(STRANGER, 'x', { identity: [delegated] }),
        'kms:ScheduleKeyDeletion',
        'implicitDeny',
      ],
      ['an IAM policy of a third account', role('777788889999', 'x', { identity: [delegated] }), 'kms:Decrypt', 'implicitDeny'],
    ])('%s', (_, principal, action, decision) => {
      expect(call(principal, action, root, external).decision).toBe(decision);
    });
  });

  describe(`through services: ${KMS}/conditions-kms.html#conditions-kms-via-service`, () => {
    const exampleUser = { AWS: `arn:aws:iam::${OWNER}:user/ExampleUser` };
    const through = {
      Effect: 'Allow',
      Principal: exampleUser,
      Action: ['kms:Encrypt', 'kms:Decrypt'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': ['ec2.us-west-2.amazonaws.com', 's3.us-west-2.amazonaws.com'] } },
    };
    const notThrough = { ...through, Effect: 'Deny', Condition: { StringEquals: { 'kms:ViaService': ['s3.us-west-2.amazonaws.com'] } } };
    const principal = user(OWNER, 'ExampleUser');
    const object = useKeyThroughS3({ principal, action: 'kms:Decrypt', key, encrypted: OBJECT });
    test('through a service of the list', () => {
      expect(evaluate(object, policy(through))).toEqual(allowedBy('resource:#0'));
    });
    test('directly', () => {
      expect(call(principal, 'kms:Decrypt', through).decision).toBe('implicitDeny');
    });
    test('through the service in another region', () => {
      const elsewhere = { ...through, Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } };
      expect(evaluate(object, policy(elsewhere)).decision).toBe('implicitDeny');
    });
    test('denied through the service', () => {
      expect(evaluate(object, policy(root, notThrough))).toEqual(deniedBy('resource:#1'));
    });
    test(`everyone of an account: ${KMS}/conditions-kms.html#conditions-kms-caller-account`, () => {
      const managed = {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: { 'kms:CallerAccount': OWNER, 'kms:ViaService': 's3.us-west-2.amazonaws.com' } },
      };
      expect(evaluate(object, policy(managed)).decision).toBe('allow');
      const stranger = useKeyThroughS3({ principal: administrator(STRANGER), action: 'kms:Decrypt', key, encrypted: OBJECT });
      expect(evaluate(stranger, policy(managed)).decision).toBe('implicitDeny');
    });
  });
});
