/** What a changed resource gives is a changed value, for whatever reads it: in the plan, and so for the gate. */
import { changeDivergences, nestedInputDivergences } from '../../../src/apply/diverged';
import type { MadeChange } from '../../../src/aws/change-sets';
import { sha256 } from '../../../src/plan/digest';
import type { Plan } from '../../../src/plan/plan';
import { terminalReport } from '../../../src/plan/report/report';
import { DIGEST } from '../../support/planned';
import { assemblyWith, BUCKET, deployedWith, draftOf } from '../../support/plans';

interface Resource {
  readonly Type: string;
  readonly Properties?: object;
}
type Resources = Readonly<Record<string, Resource>>;
type Section = Readonly<Record<string, object>>;

const parameter = (Value: unknown, more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: '/x', Type: 'String', Value, ...more },
});
const custom = (Version: string) => ({ Type: 'Custom::Maker', Properties: { ServiceToken: 'arn', Version } });
const database = (BackupRetentionPeriod: number) => ({ Type: 'AWS::RDS::DBInstance', Properties: { BackupRetentionPeriod } });
const bucket = (BucketName: unknown) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName } });
const trusting = (AWS: unknown) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }] } },
});
const VALUE = { 'Fn::GetAtt': ['P', 'Value'] };

const namesIn = ({ stacks }: Pick<Plan, 'stacks'>) => stacks[0].changes.map(({ nested, logicalId }) => [...nested, logicalId].join('/'));
/** Where the assets go is of no interest here. */
const risksIn = ({ risks }: Pick<Plan, 'risks'>) =>
  risks.filter(({ kind }) => kind !== 'publishing').map(({ kind, nested, logicalId }) => `${kind} ${[...nested, logicalId].join('/')}`);

describe('in the same stack', () => {
  const planned = async (before: Resources, after: Resources, same: Resources = {}) => {
    const assembly = assemblyWith({ lake: { template: { Resources: { ...after, ...same } } } });
    return (await draftOf(assembly, deployedWith({ lake: { template: { Resources: { ...before, ...same } } } }))).plan;
  };
  const FROM = { P: parameter('arn:aws:iam::111122223333:root') };
  const TO = { P: parameter('*') };

  test.each<[string, unknown]>([
    ['an attribute', VALUE],
    ['one in its short form', { 'Fn::GetAtt': 'P.Value' }],
    ['one in a text', { 'Fn::Sub': '${P.Value}' }],
    ['one in a list', { 'Fn::Join': ['', ['', VALUE]] }],
  ])('a policy that reads %s of a changed resource is shown, with its risk', async (_, principal) => {
    const plan = await planned(FROM, TO, { R: trusting(principal) });
    expect(namesIn(plan)).toEqual(['P', 'R']);
    expect(plan.stacks[0].changes[1].properties).toEqual([expect.stringMatching('^/Properties/AssumeRolePolicyDocument/')]);
    expect(risksIn(plan)).toEqual(['broadening R']);
    expect(plan.risks[0].reason).toMatch(/^[\u0020-\u007e]+$/);
  });

  test.each<[string, Resources, Resources, unknown]>([
    ['something else of it changes', FROM, { P: parameter(FROM.P.Properties.Value, { Description: 'x' }) }, VALUE],
    ['it reads what stays while it is not replaced', FROM, TO, { Ref: 'P' }],
    ['a name of its own is called alike', FROM, TO, { 'Fn::Sub': ['${P}', { P: 'x' }] }],
    [
      'the ARN stays',
      { P: { Type: 'AWS::S3::Bucket', Properties: {} } },
      { P: { Type: 'AWS::S3::Bucket', Properties: { Tags: [] } } },
      { 'Fn::GetAtt': ['P', 'Arn'] },
    ],
  ])('a policy is not shown when %s', async (_, before, after, principal) => {
    const plan = await planned(before, after, { R: trusting(principal) });
    expect(namesIn(plan)).toEqual(['P']);
    expect(plan.risks).toEqual([]);
  });

  test('what is not written by AWS may give anything after a change', async () => {
    const same = { A: trusting({ Ref: 'P' }), B: trusting({ 'Fn::GetAtt': ['P', 'Anything'] }) };
    expect(risksIn(await planned({ P: custom('1') }, { P: custom('2') }, same))).toEqual(['broadening A', 'broadening B']);
  });

  test('what a custom resource is told nothing of changes nothing of it', async () => {
    const [before, after] = ['a', 'b'].map((note) => ({ P: { ...custom('1'), Metadata: { note } } }));
    const plan = await planned(before, after, { R: trusting({ 'Fn::GetAtt': ['P', 'Anything'] }) });
    expect(plan.stacks[0].changes).toMatchObject([{ logicalId: 'P', replacement: 'never' }]);
    expect(plan.risks).toEqual([]);
  });

  test('an attribute gives what the property at its end says', async () => {
    const cluster = (Port: number) => ({ Type: 'AWS::RDS::DBCluster', Properties: { Port } });
    const ingress = (port: string) => ({
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { CidrIp: '10.0.0.0/8', IpProtocol: 'tcp', FromPort: { 'Fn::GetAtt': ['P', port] } },
    });
    const plan = await planned(
      { P: cluster(3306) },
      { P: cluster(22) },
      { In: ingress('Endpoint.Port'), Other: ingress('ReadEndpoint.Address') },
    );
    expect(namesIn(plan)).toEqual(['In', 'P']);
  });

  test.each([
    ['AWS::DynamoDB::GlobalTable', 'StreamArn'],
    ['AWS::DynamoDB::Table', 'StreamArn'],
    ['AWS::EC2::VPCEndpoint', 'DnsEntries'],
    ['AWS::EC2::VPCEndpoint', 'NetworkInterfaceIds'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'LoadBalancerArns'],
    ['AWS::RDS::DBCluster', 'MasterUserSecret.SecretArn'],
    ['AWS::RDS::DBInstance', 'MasterUserSecret.SecretArn'],
    ['AWS::Redshift::Cluster', 'MasterPasswordSecretArn'],
    ['AWS::IAM::ManagedPolicy', 'DefaultVersionId'],
    ['AWS::Signer::SigningProfile', 'ProfileVersionArn'],
    ['AWS::StepFunctions::StateMachine', 'StateMachineRevisionId'],
    ['AWS::EC2::LaunchTemplate', 'DefaultVersionNumber'],
    ['AWS::EC2::LaunchTemplate', 'LatestVersionNumber'],
    ['AWS::EC2::Instance', 'PublicDnsName'],
    ['AWS::EC2::Instance', 'PublicIp'],
  ])('a change in place moves an attribute: of %s, %s', async (Type, attribute) => {
    const [before, after] = ['a', 'b'].map((Value) => ({ P: { Type, Properties: { Tags: [{ Key: 'k', Value }] } } }));
    const read = (name: string) => ({
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['P', name] } },
    });
    expect(namesIn(await planned(before, after, { Arn: read('Arn'), Moving: read(attribute) }))).toEqual(['Moving', 'P']);
  });

  test('a change in place moves what is referred to, where that has a revision in it', async () => {
    const [before, after] = ['a', 'b'].map((k) => ({ P: { Type: 'AWS::Batch::JobDefinition', Properties: { Parameters: { k } } } }));
    const read = (Input: unknown) => ({ Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: 'arn', Id: 'x', Input }] } });
    const readers = {
      Ref: read({ Ref: 'P' }),
      Arn: read({ 'Fn::GetAtt': ['P', 'JobDefinitionArn'] }),
      Other: read({ 'Fn::GetAtt': ['P', 'Id'] }),
    };
    expect(namesIn(await planned(before, after, readers))).toEqual(['Arn', 'P', 'Ref']);
  });

  test('nothing moves by what no service is told of', async () => {
    const [before, after] = ['a', 'b'].map((path) => ({
      P: { Type: 'AWS::EC2::LaunchTemplate', Properties: {}, Metadata: { 'aws:cdk:path': path } },
    }));
    const reader = { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { Version: { 'Fn::GetAtt': ['P', 'LatestVersionNumber'] } } };
    expect(namesIn(await planned(before, after, { R: reader }))).toEqual(['P']);
  });

  test('what may be replaced may have another port then, and that is a way in', async () => {
    const engine = (Engine: string) => ({ P: { Type: 'AWS::RDS::DBCluster', Properties: { Engine } } });
    const ingress = (attribute: string) => ({
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { IpProtocol: 'tcp', CidrIp: '0.0.0.0/0', FromPort: { 'Fn::GetAtt': ['P', attribute] }, ToPort: 5432 },
    });
    const plan = await planned(engine('aurora-mysql'), engine('aurora-postgresql'), { In: ingress('Endpoint.Port') });
    expect(risksIn(plan)).toEqual(['statefulLoss P', 'broadening In']);
  });

  test('what may be replaced has another name then, by which nobody is allowed more', async () => {
    const plan = await planned({ P: database(7) }, { P: database(14) }, { R: trusting({ 'Fn::GetAtt': ['P', 'DBInstanceArn'] }) });
    expect(plan.stacks[0].changes.map(({ logicalId, replacement }) => [logicalId, replacement])).toEqual([
      ['P', 'conditional'],
      ['R', 'never'],
    ]);
    expect(risksIn(plan)).toEqual(['statefulLoss P']);
  });

  describe('what holds data and changes only if something else is replaced', () => {
    const replica = (more: object = {}, policy: object = {}) => {
      const { Type, Properties } = database(7);
      return { Type, Properties: { ...Properties, SourceDBInstanceIdentifier: { Ref: 'P' }, ...more }, ...policy };
    };
    const same = {
      T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': '${Rep.Endpoint.Address} ${Rep} ${AWS::Region}' } } },
    };
    const before = { P: database(7), Rep: replica() };

    test('is told there, with how many follow, and is no risk of its own', async () => {
      const plan = await planned(before, { P: database(14), Rep: replica() }, same);
      expect(plan.stacks[0].changes.map(({ logicalId, replacement, follows }) => [logicalId, replacement, follows])).toEqual([
        ['P', 'conditional', undefined],
        ['Rep', 'conditional', ['P']],
        ['T', 'never', ['Rep']],
      ]);
      expect(risksIn(plan)).toEqual(['statefulLoss P', 'statefulLoss P']);
      expect(plan.risks[1].reason).toBe('if it is replaced, so may be what reads it, and what that holds is deleted: Rep');
      const lines = terminalReport({ ...plan, digest: DIGEST }).split('\n');
      expect(lines).toContain('  ~ change AWS::RDS::DBInstance P, perhaps REPLACED, deleted, holds data, 2 others follow if it is');
      expect(lines).toContain('  ~ change AWS::RDS::DBInstance Rep, perhaps REPLACED, deleted, holds data');
    });

    test('is kept by its policy', async () => {
      const kept = replica({}, { UpdateReplacePolicy: 'Retain' });
      const plan = await planned({ P: database(7), Rep: kept }, { P: database(14), Rep: kept });
      expect(risksIn(plan)).toEqual(['statefulLoss P', 'statefulReplacement P']);
    });

    test.each<[string, Resources]>([
      ['changes by itself as well', { P: database(14), Rep: replica({ MultiAZ: true }) }],
      [
        'follows for certain',
        { P: { ...database(7), Properties: { BackupRetentionPeriod: 7, DBInstanceIdentifier: 'new' } }, Rep: replica() },
      ],
    ])('is a risk of its own when it %s', async (_, after) => {
      const plan = await planned(before, after);
      expect(plan.stacks[0].changes.map(({ logicalId, follows }) => [logicalId, follows])).toEqual([
        ['P', undefined],
        ['Rep', undefined],
      ]);
      expect(risksIn(plan)).toEqual(['statefulLoss P', 'statefulLoss Rep']);
    });
  });

  test.each(['@changed', '@moved', '@perhaps'])('a name that ends with %s is another name, and is told as it is', async (ending) => {
    const [before, after] = ['', ending].map((end) => ({ R: trusting(`arn:aws:iam::111122223333:role/x${end}`), B: bucket(`x${end}`) }));
    const plan = await planned(before, after, {});
    expect(risksIn(plan)).toEqual(['statefulLoss B', 'broadening R']);
    expect(plan.stacks[0].changes[0]).toMatchObject({ logicalId: 'B', replacement: 'always' });
    expect(plan.risks[1].reason).toMatch(new RegExp(`:role/x${ending}$`));
  });

  test('what is replaced gives everything anew', async () => {
    const plan = await planned({ P: bucket('a') }, { P: bucket('b') }, { R: trusting({ 'Fn::GetAtt': ['P', 'Arn'] }) });
    expect(risksIn(plan)).toEqual(['statefulLoss P', 'broadening R']);
  });

  test('what only may change is no certain replacement of its reader, and is followed further', async () => {
    const same = { B: bucket({ 'Fn::GetAtt': ['P', 'Name'] }), R: trusting({ 'Fn::GetAtt': ['B', 'Arn'] }) };
    const plan = await planned({ P: custom('1') }, { P: custom('2') }, same);
    expect(plan.stacks[0].changes.map(({ logicalId, replacement }) => [logicalId, replacement])).toEqual([
      ['B', 'conditional'],
      ['P', 'conditional'],
      ['R', 'never'],
    ]);
    expect(plan.risks[0]).toMatchObject({
      kind: 'statefulLoss',
      logicalId: 'B',
      reason: expect.stringMatching(/^may be replaced/) as string,
    });
  });

  describe('a policy that CloudFormation looks something up for, when it changes its resource', () => {
    const role = (principal: unknown, Description: string) => {
      const { Type, Properties } = trusting(principal);
      return { R: { Type, Properties: { ...Properties, Description } } };
    };
    test.each<[unknown, number]>([
      ['{{resolve:ssm:/x}}', 1],
      [{ 'Fn::Join': ['', ['{{resolve:ssm:', { Ref: 'AWS::Region' }, '}}']] }, 1],
      [{ 'Fn::Sub': '{{resolve:secretsmanager:${AWS::Region}:SecretString:principal}}' }, 1],
      ['{{resolve:secretsmanager:x:SecretString:principal}}', 1],
      ['{{resolve:ssm:/x:3}}', 0],
      ['arn', 0],
    ])('%s', async (principal, risks) => {
      const plan = await planned(role(principal, 'a'), role(principal, 'b'));
      expect(plan.stacks[0].changes).toMatchObject([{ logicalId: 'R', properties: ['/Properties/Description'] }]);
      expect(plan.risks).toHaveLength(risks);
      expect(plan.risks.every(({ kind, reason }) => kind === 'broadening' && /^Assume\w+ allows [^@]+$/.test(reason))).toBe(true);
      expect(namesIn(await planned(role(principal, 'a'), role(principal, 'a')))).toEqual([]);
    });
  });

  test('what is looked up in a property that changes is shown as what may change, unless its version is named', async () => {
    const fn = (Added: string) => ({
      F: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Environment: { Variables: { Added, Db: '{{resolve:ssm:/x}}', Fixed: '{{resolve:ssm:/x:3}}' } },
          Role: '{{resolve:ssm:/r}}',
        },
      },
    });
    const plan = await planned(fn('a'), fn('b'));
    expect(plan.stacks[0].changes).toMatchObject([
      { properties: ['/Properties/Environment/Variables/Added', '/Properties/Environment/Variables/Db'] },
    ]);
    const line = '    ~ /Properties/Environment/Variables/Db: {{resolve:ssm:/x}}, whose value may change';
    expect(terminalReport({ ...plan, digest: DIGEST }).split('\n')).toContain(`  ${line}`);
  });

  test('resources that read each other come to an end', async () => {
    const circle = { A: bucket({ Ref: 'B' }), B: bucket({ Ref: 'A' }) };
    expect(namesIn(await planned(circle, { ...circle, A: bucket({ 'Fn::Sub': 'x${B}' }) }))).toEqual(['A', 'B']);
  });
});

describe('of a nested stack', () => {
  const template = (more: object = {}) => ({
    Parameters: { Who: { Type: 'String' } },
    Resources: { R: trusting({ Ref: 'Who' }) },
    Outputs: { Who: { Value: { Ref: 'Who' } }, Same: { Value: 'same' } },
    ...more,
  });
  const around = (inner: object, resources: Resources, Who: unknown = VALUE, more: object = {}) => ({
    Resources: {
      N: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { TemplateURL: `https://s3/${BUCKET}/${sha256(JSON.stringify(inner))}.json`, Parameters: { Who, ...more } },
      },
      ...resources,
    },
  });
  const planned = async (
    before: Resources,
    after: Resources,
    more: { template?: Section; passes?: unknown; more?: object; same?: Resources } = {},
  ) => {
    const inner = template(more.template);
    const hash = sha256(JSON.stringify(inner));
    const destinations = { here: { bucketName: BUCKET, objectKey: `${hash}.json` } };
    const files = { [hash]: { source: { path: 'n.nested.template.json', packaging: 'file' }, destinations } };
    const lookup = deployedWith({
      lake: { template: around(inner, { ...before, ...more.same }, more.passes, more.more), nested: { N: 'inner' } },
      inner: { template: inner, parameters: { Who: 'arn:aws:iam::111122223333:root', Text: 'looked up' } },
    });
    const assembly = assemblyWith(
      { lake: { template: around(inner, { ...after, ...more.same }, more.passes, more.more), files } },
      { 'n.nested.template.json': JSON.stringify(inner) },
    );
    return (await draftOf(assembly, lookup)).plan;
  };
  const FROM = { P: parameter('arn:aws:iam::111122223333:root') };
  const TO = { P: parameter('*') };
  const byParameter: MadeChange = {
    logicalId: 'R',
    type: 'AWS::IAM::Role',
    action: 'Modify',
    replacement: 'False',
    details: [
      { attribute: 'Properties', name: 'AssumeRolePolicyDocument', evaluation: 'Static', source: 'ParameterReference', cause: 'Who' },
    ],
  };

  test('a parameter that is passed it is changed, and so is what reads the parameter; the gate takes that, and any value', async () => {
    const plan = await planned(FROM, TO);
    expect(namesIn(plan)).toEqual(['N', 'P', 'N/R']);
    expect(risksIn(plan)).toEqual(['broadening N/R']);
    const [stack] = plan.stacks;
    expect(stack.nestedParameters).toMatchObject([{ nested: ['N'], changedParameters: ['Who'] }]);
    expect(changeDivergences(stack, [byParameter], () => false, ['N'])).toEqual([]);
    expect(nestedInputDivergences(stack, ['N'], template(), { Who: { value: '*' } })).toEqual([]);
  });

  test('a custom resource is no other', async () => {
    const plan = await planned({ P: custom('1') }, { P: custom('2') }, { passes: { 'Fn::GetAtt': ['P', 'Who'] } });
    expect(risksIn(plan)).toEqual(['broadening N/R']);
  });

  test.each<[string, Resources, Resources, unknown, string, string[]]>([
    ['what may change', { P: custom('1') }, { P: custom('2') }, { 'Fn::GetAtt': ['P', 'Name'] }, 'conditional', ['statefulLoss N/B']],
    ['what changes', { P: bucket('a') }, { P: bucket('b') }, { Ref: 'P' }, 'always', ['statefulLoss P', 'statefulLoss N/B']],
    ['a text that it did not have', { P: custom('1') }, { P: custom('1') }, undefined, 'always', ['statefulLoss N/B']],
  ])('what it is passed is as certain in it as around it: %s', async (_, before, after, passes, replacement, risks) => {
    const plan = await planned(before, after, { template: { Resources: { B: bucket({ Ref: 'Who' }) } }, passes: passes ?? 'new' });
    expect(plan.stacks[0].changes).toContainEqual(expect.objectContaining({ nested: ['N'], logicalId: 'B', replacement }));
    expect(risksIn(plan)).toEqual(risks);
    expect(plan.risks.at(-1)!.reason).toMatch(replacement === 'always' ? /^is replaced/ : /^may be replaced/);
  });

  test('another name of what may be replaced allows nobody more in it, and what follows it is told there', async () => {
    const resources = { R: trusting({ Ref: 'Who' }), B: bucket({ Ref: 'Who' }) };
    const more = { template: { Resources: resources }, passes: { 'Fn::GetAtt': ['P', 'DBInstanceArn'] } };
    const plan = await planned({ P: database(7) }, { P: database(14) }, more);
    expect(plan.stacks[0].changes.map(({ nested, logicalId, follows }) => [[...nested, logicalId].join('/'), follows])).toEqual([
      ['N', ['P']],
      ['P', undefined],
      ['N/B', ['P']],
      ['N/R', ['P']],
    ]);
    expect(risksIn(plan)).toEqual(['statefulLoss P', 'statefulLoss P']);
    expect(plan.risks[1].reason).toMatch(/: N\/B$/);
  });

  test('a parameter for which something is looked up has not changed because another one has', async () => {
    const { Parameters } = template();
    const inner = {
      Parameters: { ...Parameters, Text: { Type: 'String' } },
      Resources: { T: parameter({ Ref: 'Text' }), R: trusting({ Ref: 'Who' }) },
    };
    const plan = await planned(FROM, TO, { template: inner, passes: VALUE, more: { Text: '{{resolve:ssm:/x}}' } });
    expect(plan.stacks[0].changes[0].properties).toEqual(['/Properties/Parameters/Text', '/Properties/Parameters/Who']);
    expect(namesIn(plan)).toEqual(['N', 'P', 'N/R']);
  });

  test('a condition that depends on it is not known', async () => {
    const conditional = {
      Conditions: { On: { 'Fn::Equals': [{ Ref: 'Who' }, 'a'] } },
      Resources: { B: { Type: 'AWS::S3::Bucket', Condition: 'On' } },
    };
    await expect(planned(FROM, TO, { template: conditional })).rejects.toMatchObject({ code: 'DW3238', received: 'On of lake/N' });
    expect(namesIn(await planned(FROM, FROM, { template: conditional }))).toEqual([]);
  });

  test('what it is passed of a changed resource, and stays, changes nothing in it', async () => {
    const before = { P: bucket('a') };
    const after = { P: { ...before.P, Properties: { ...before.P.Properties, Tags: [] } } };
    expect(namesIn(await planned(before, after, { passes: { 'Fn::GetAtt': ['P', 'Arn'] } }))).toEqual(['P']);
  });

  test.each<[string, Resources, Resources, unknown, string]>([
    ['what changes', FROM, { P: bucket('b') }, { Ref: 'P' }, 'always'],
    ['what may change', { P: custom('1') }, { P: custom('2') }, { 'Fn::GetAtt': ['P', 'Name'] }, 'conditional'],
  ])('an output is as certain around it as in it: %s', async (_, before, after, passes, replacement) => {
    const plan = await planned(before, after, { passes, same: { A: bucket({ 'Fn::GetAtt': ['N', 'Outputs.Who'] }) } });
    expect(plan.stacks[0].changes).toContainEqual(expect.objectContaining({ nested: [], logicalId: 'A', replacement }));
  });

  test('a changed output changes what reads it around it, and in another nested stack; one that stays does not', async () => {
    const same = { A: trusting({ 'Fn::GetAtt': ['N', 'Outputs.Who'] }), B: trusting({ 'Fn::GetAtt': ['N', 'Outputs.Same'] }) };
    const plan = await planned(FROM, TO, { same });
    expect(namesIn(plan)).toEqual(['A', 'N', 'P', 'N/R']);
    expect(risksIn(plan)).toEqual(['broadening A', 'broadening N/R']);
  });
});
