import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, ArnPrincipal, CompositePrincipal, Role, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { App, BootstraplessSynthesizer, CfnParameter, Duration, LegacyStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { DataWorksBucket, EncryptionKey, type EncryptionKeyProps } from '../src';
import { DeployedPolicies } from './support/iam';
import { ACCOUNT, newStack, REGION, rendered, synth, type Nothing } from './support/synth';

const ADMINISTRATOR = new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/KeyAdmin`);
const KEY_POLICY_ONLY = { keyPolicyOnly: true, administrators: [ADMINISTRATOR] };

const template = (props: Partial<EncryptionKeyProps> = {}) =>
  synth((stack) => {
    new EncryptionKey(stack, 'Key', { alias: 'lake', ...props });
  });

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Condition?: unknown;
}

function keyStatements(stack: Stack): readonly Statement[] {
  const policies = new DeployedPolicies(rendered(stack), { account: ACCOUNT, region: REGION });
  return (policies.keyPolicy(policies.logicalId('AWS::KMS::Key')) as { readonly Statement: readonly Statement[] }).Statement;
}

test('by default: symmetric, enabled, rotating every year, deleted 30 days after it is asked for, kept with its stack', () => {
  Template.fromJSON(template()).hasResource('AWS::KMS::Key', {
    Properties: {
      Description: Match.absent(),
      Enabled: true,
      EnableKeyRotation: true,
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      PendingWindowInDays: 30,
      RotationPeriodInDays: 365,
    },
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test('what is given replaces the defaults', () => {
  const props = {
    description: 'the lake',
    rotationPeriod: Duration.days(90),
    pendingWindow: Duration.days(7),
    removalPolicy: RemovalPolicy.DESTROY,
  };
  Template.fromJSON(template(props)).hasResource('AWS::KMS::Key', {
    Properties: { Description: 'the lake', PendingWindowInDays: 7, RotationPeriodInDays: 90 },
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
  });
});

test('the limits are accepted', () => {
  expect(() =>
    template({ alias: 'a/B_9-'.padEnd(250, 'x'), rotationPeriod: Duration.days(2560), pendingWindow: Duration.days(30) }),
  ).not.toThrow();
});

test('the alias leads to the key, and is said with its prefix', () => {
  const stack = newStack();
  expect(new EncryptionKey(stack, 'Key', { alias: 'lake' }).aliasName).toBe('alias/lake');
  const result = Template.fromStack(stack);
  const [key] = Object.keys(result.findResources('AWS::KMS::Key'));
  result.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/lake', TargetKeyId: { 'Fn::GetAtt': [key, 'Arn'] } });
});

test('an alias may be a token', () => {
  const stack = newStack();
  const alias = new CfnParameter(stack, 'Alias').valueAsString;
  new EncryptionKey(stack, 'One', { alias });
  new EncryptionKey(stack, 'Two', { alias: `${alias}/two` });
  Template.fromStack(stack).hasResourceProperties('AWS::KMS::Alias', { AliasName: { 'Fn::Join': ['', ['alias/', { Ref: 'Alias' }]] } });
});

test('the same alias in another region or in a stack that names no environment is another alias', () => {
  const app = new App();
  const stacks = [
    new Stack(app, 'One', { env: { account: ACCOUNT, region: REGION } }),
    new Stack(app, 'Two', { env: { account: ACCOUNT, region: 'us-east-1' } }),
    new Stack(app, 'Three'),
    new Stack(app, 'Four'),
  ];
  for (const stack of stacks) new EncryptionKey(stack, 'Key', { alias: 'lake' });
  for (const stack of stacks) Template.fromStack(stack).resourceCountIs('AWS::KMS::Alias', 1);
});

describe('the key policy', () => {
  const sids = (props: Partial<EncryptionKeyProps> = {}) => {
    const stack = newStack();
    new EncryptionKey(stack, 'Key', { alias: 'lake', ...props });
    return keyStatements(stack).map(({ Sid }) => Sid);
  };

  test('leaves everything to IAM by default', () => {
    expect(sids()).toEqual(['AccountDelegation']);
  });

  test('separates administrators from users', () => {
    expect(sids({ administrators: [ADMINISTRATOR] })).toEqual(['AccountDelegation', 'Administration', 'AdministratorsUseNothing']);
  });

  test('names the deployment instead of the account when it decides alone', () => {
    expect(sids(KEY_POLICY_ONLY)).toEqual(['Deployment', 'Administration', 'AdministratorsUseNothing']);
  });

  test('names the deployment role that is given', () => {
    const stack = newStack({ synthesizer: new LegacyStackSynthesizer() });
    const deploymentRole = new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/deployer`);
    new EncryptionKey(stack, 'Key', { alias: 'lake', ...KEY_POLICY_ONLY, deploymentRole });
    expect(keyStatements(stack)[0]).toMatchObject({ Sid: 'Deployment', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/deployer` } });
  });

  test('does not trust the name of an execution role that nobody has made', () => {
    const stack = newStack({ synthesizer: new BootstraplessSynthesizer() });
    expect(() => new EncryptionKey(stack, 'Key', { alias: 'lake', ...KEY_POLICY_ONLY })).toThrow('DW1007');
  });

  test('takes an administrator from the app, whose ARN is a token', () => {
    const stack = newStack();
    const administrator = new Role(stack, 'KeyAdmin', { roleName: 'KeyAdmin', assumedBy: new AccountRootPrincipal() });
    new EncryptionKey(stack, 'Key', { alias: 'lake', administrators: [administrator] });
    expect(keyStatements(stack)[1]).toMatchObject({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/KeyAdmin` } });
  });

  test('gives no Sid twice, whatever is granted', () => {
    const stack = newStack();
    const key = new EncryptionKey(stack, 'Key', { alias: 'lake', ...KEY_POLICY_ONLY });
    for (const name of ['a', 'b']) {
      key.grantDecryptThroughS3(new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/${name}`));
      key.grantEncryptDecryptThroughS3(new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/${name}`));
      key.grantCloudTrail(`arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/${name}`);
      key.grantLogGroup(`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`);
    }
    const given = keyStatements(stack).flatMap(({ Sid }) => Sid ?? []);
    expect(new Set(given).size).toBe(given.length);
    expect(keyStatements(stack)).toHaveLength(3 + 2 * 5);
  });
});

describe('a grant', () => {
  const granted = (props: Partial<EncryptionKeyProps>) => {
    const stack = newStack();
    const key = new EncryptionKey(stack, 'Key', { alias: 'lake', ...props });
    const role = new Role(stack, 'Reader', { roleName: 'reader', assumedBy: new AccountRootPrincipal() });
    key.grantDecryptThroughS3(role).assertSuccess();
    const policies = new DeployedPolicies(rendered(stack), { account: ACCOUNT, region: REGION });
    const statement = {
      Action: 'kms:Decrypt',
      Effect: 'Allow',
      Condition: { StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com`, 'kms:CallerAccount': ACCOUNT } },
    };
    const inKeyPolicy = keyStatements(stack).slice(props.keyPolicyOnly ? 3 : 1);
    return { statement, inKeyPolicy, inIam: policies.attachedTo('reader') };
  };

  test('to principals of several accounts is limited to none of them, but to S3', () => {
    const stack = newStack();
    const callers = [ACCOUNT, '999999999999'].map((account) => new ArnPrincipal(`arn:aws:iam::${account}:role/reader`));
    new EncryptionKey(stack, 'Key', { alias: 'lake' }).grantDecryptThroughS3(new CompositePrincipal(...callers));
    expect(keyStatements(stack).at(-1)).toMatchObject({
      Condition: { StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` } },
    });
    expect(JSON.stringify(keyStatements(stack).at(-1))).not.toContain('kms:CallerAccount');
  });

  test('goes to IAM alone when the key leaves the use to IAM', () => {
    const { statement, inKeyPolicy, inIam } = granted({});
    expect(inKeyPolicy).toEqual([]);
    expect(inIam).toMatchObject([{ Statement: [statement] }]);
  });

  test('goes to the key policy too when that decides alone', () => {
    const { statement, inKeyPolicy, inIam } = granted(KEY_POLICY_ONLY);
    expect(inKeyPolicy).toMatchObject([{ ...statement, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` } }]);
    expect(inIam).toMatchObject([{ Statement: [statement] }]);
  });

  test('is refused to a role of another stack by a key that decides alone: CDK would let the account in, or end in a cycle', () => {
    const app = new App();
    const stack = new Stack(app, 'Key');
    const other = new Stack(app, 'Role');
    other.addStackDependency(stack);
    const key = new EncryptionKey(stack, 'Key', { alias: 'lake', ...KEY_POLICY_ONLY });
    const reader = new Role(other, 'Reader', { assumedBy: new AccountRootPrincipal() });
    expect(() => key.grantDecryptThroughS3(reader)).toThrow(/^DW1008 at Key\/Key: .*Role\/Reader/);
  });

  test.each<[string, (scope: Stack) => IGrantable]>([
    ['the ARN of a role', () => new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/reader`)],
    ['a role that another stack imports by its ARN', (scope) => Role.fromRoleArn(scope, 'Role', `arn:aws:iam::${ACCOUNT}:role/reader`)],
    ['a role that another stack imports by its name', (scope) => Role.fromRoleName(scope, 'Role', 'reader')],
  ])('reaches %s, although its stack depends on that of a key which decides alone', (_what, granteeIn) => {
    const app = new App();
    const stack = new Stack(app, 'Key');
    const other = new Stack(app, 'Role');
    other.addStackDependency(stack);
    const key = new EncryptionKey(stack, 'Key', { alias: 'lake', ...KEY_POLICY_ONLY });
    new DataWorksBucket(stack, 'Data', { key: key.key }).grantRead(granteeIn(other));
    expect(keyStatements(stack).at(-1)).toMatchObject({ Action: 'kms:Decrypt', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` } });
  });

  test('by the L2 key goes to the key policy too when that decides alone', () => {
    const stack = newStack();
    const key = new EncryptionKey(stack, 'Key', { alias: 'lake', ...KEY_POLICY_ONLY });
    key.key.grantDecrypt(new Role(stack, 'Reader', { roleName: 'reader', assumedBy: new AccountRootPrincipal() }));
    expect(keyStatements(stack).at(-1)).toMatchObject({ Action: 'kms:Decrypt', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` } });
  });
});

test('to let the key policy decide alone replaces neither key nor alias', () => {
  const withoutKeyPolicy = (props: Partial<EncryptionKeyProps>) =>
    JSON.parse(JSON.stringify(template(props), (name, value: unknown) => (name === 'KeyPolicy' ? undefined : value))) as unknown;
  expect(withoutKeyPolicy(KEY_POLICY_ONLY)).toEqual(withoutKeyPolicy({ administrators: [ADMINISTRATOR] }));
});

test('undefined is as good as left out', () => {
  const nothing: Nothing<EncryptionKeyProps> = {
    description: undefined,
    rotationPeriod: undefined,
    pendingWindow: undefined,
    administrators: undefined,
    keyPolicyOnly: undefined,
    deploymentRole: undefined,
    removalPolicy: undefined,
  };
  expect(template(nothing)).toEqual(template());
});

test('the administrators that are passed stay as they are', () => {
  const administrators = Object.freeze([ADMINISTRATOR]) as ArnPrincipal[];
  expect(() => template({ administrators, keyPolicyOnly: true })).not.toThrow();
});
