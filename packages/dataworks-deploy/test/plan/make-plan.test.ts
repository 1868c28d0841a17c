import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../src/fault';
import { FAULTS } from '../../src/faults';
import { waitsOf, type Producer } from '../../src/plan/compare/waits';
import { sha256 } from '../../src/plan/digest';
import type { PlannedStack, ResourceChange } from '../../src/plan/plan';
import { parsePlan, serialise } from '../../src/plan/plan-format';
import { summaryOf } from '../../src/plan/summary';
import { assemblyWith, BUCKET, deployedWith, draftOf, type DeployedSource, type StackSource } from '../support/plans';

type Resources = Readonly<Record<string, object>>;

/** The plan of one stack, given its resources before and after. */
async function planOf(
  before: Resources | undefined,
  after: Resources,
  more: { source?: Partial<StackSource>; deployed?: Partial<DeployedSource> } = {},
) {
  const assembly = assemblyWith({ lake: { template: { Resources: after }, ...more.source } });
  const deployed = before && { lake: { template: { Resources: before }, ...more.deployed } };
  return (await draftOf(assembly, deployedWith(deployed ?? {}))).plan;
}

async function changesOf(before: Resources | undefined, after: Resources): Promise<readonly ResourceChange[]> {
  return (await planOf(before, after)).stacks[0].changes;
}

const bucket = (Properties: object = {}, more: object = {}) => ({ Type: 'AWS::S3::Bucket', Properties, ...more });
const table = (key: string, more: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { KeySchema: [{ AttributeName: key, KeyType: 'HASH' }] },
  ...more,
});
const KEPT = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

describe('a change of a resource', () => {
  test.each<[string, Resources | undefined, Resources, object[]]>([
    ['none', { A: bucket({ BucketName: 'a' }) }, { A: bucket({ BucketName: 'a' }) }, []],
    ['none: numbers as text', { A: bucket({ Days: 10, On: true }) }, { A: bucket({ Days: '10', On: 'true' }) }, []],
    ...['16.1/16.10', '1000/1e3', '12/012', '/0', '111111111111111111111/111111111111111111112', '#1/1'].map(
      (texts): [string, Resources, Resources, object[]] => [
        `of texts that are the same as numbers: ${texts}`,
        { A: bucket({ Days: texts.split('/')[0] }) },
        { A: bucket({ Days: texts.split('/')[1] }) },
        [{ action: 'modify', properties: ['/Properties/Days'] }],
      ],
    ),
    ['of a text and a list', { A: bucket({ X: '5' }) }, { A: bucket({ X: ['5'] }) }, [{ properties: ['/Properties/X'] }]],
    ['none: the order of dependencies', { A: bucket({}, { DependsOn: ['B', 'C'] }) }, { A: bucket({}, { DependsOn: ['C', 'B'] }) }, []],
    [
      'none: two notations of an attribute',
      { A: bucket({ X: { 'Fn::GetAtt': 'B.Arn' } }) },
      { A: bucket({ X: { 'Fn::GetAtt': ['B', 'Arn'] } }) },
      [],
    ],
    ['added', {}, { A: bucket() }, [{ action: 'add', replacement: 'never', deletes: false, stateful: true, properties: [] }]],
    ['removed', { A: bucket() }, {}, [{ action: 'remove', deletes: true, stateful: true }]],
    ['removed, and kept', { A: bucket({}, KEPT) }, {}, [{ action: 'remove', deletes: false }]],
    [
      'in place',
      { A: bucket() },
      { A: bucket({ Tags: [] }) },
      [{ action: 'modify', replacement: 'never', properties: ['/Properties/Tags'] }],
    ],
    [
      'deep in a list',
      { A: bucket({ Tags: [{ Key: 'a', Value: '1' }] }) },
      { A: bucket({ Tags: [{ Key: 'a', Value: '2' }] }) },
      [{ properties: ['/Properties/Tags/0/Value'] }],
    ],
    ['from nothing in it', { A: bucket({ X: {} }) }, { A: bucket({ X: { Y: 1 } }) }, [{ properties: ['/Properties/X/Y'] }]],
    [
      'of an attribute',
      { A: bucket({}, KEPT) },
      { A: bucket() },
      [{ replacement: 'never', properties: ['/DeletionPolicy', '/UpdateReplacePolicy'] }],
    ],
    [
      'that replaces',
      { A: bucket({ BucketName: 'a' }) },
      { A: bucket({ BucketName: 'b' }) },
      [{ action: 'modify', replacement: 'always', deletes: true, properties: ['/Properties/BucketName'] }],
    ],
    ['that replaces, and keeps', { A: table('a', KEPT) }, { A: table('b', KEPT) }, [{ replacement: 'always', deletes: false }]],
    ['that keeps only from now on', { A: table('a') }, { A: table('b', KEPT) }, [{ replacement: 'always', deletes: true }]],
    [
      'to another type',
      { A: bucket() },
      { A: { Type: 'AWS::SNS::Topic' } },
      [{ type: 'AWS::SNS::Topic', replacement: 'always', stateful: true, properties: ['/Type'] }],
    ],
  ])('%s', async (_, before, after, expected) => {
    expect(await changesOf(before, after)).toMatchObject(expected.map((one) => ({ logicalId: 'A', ...one })));
  });

  test('follows a replacement to what refers to it', async () => {
    const reading = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'A' }, PolicyDocument: { Statement: [] } } };
    const changes = await changesOf({ A: bucket({ BucketName: 'a' }), P: reading }, { A: bucket({ BucketName: 'b' }), P: reading });
    expect(changes).toContainEqual(expect.objectContaining({ logicalId: 'P', replacement: 'always', properties: ['/Properties/Bucket'] }));
  });
});

describe('risks', () => {
  const kinds = async (before: Resources, after: Resources) =>
    (await planOf(before, after)).risks.map(({ kind, logicalId }) => `${kind} ${logicalId}`);
  const role = (action: string) => ({
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] } },
  });

  test('come gravest first', async () => {
    const before = { Gone: bucket(), Moved: table('a', KEPT), Policy: role('s3:Get*') };
    const after = { Moved: table('b', KEPT), Policy: role('s3:*') };
    expect(await kinds(before, after)).toEqual(['statefulLoss Gone', 'statefulReplacement Moved', 'broadening Policy']);
  });

  test.each([
    'AWS::DSQL::Cluster',
    'AWS::Glue::Schema',
    'AWS::HealthLake::FHIRDatastore',
    'AWS::NeptuneGraph::Graph',
    'AWS::PaymentCryptography::Key',
    'AWS::S3Tables::Namespace',
    'AWS::S3Vectors::Index',
    'AWS::S3Vectors::VectorBucket',
    'AWS::SageMaker::Domain',
    'AWS::SageMaker::FeatureGroup',
  ])('of data that is deleted: %s', async (Type) => {
    expect(await kinds({ A: { Type } }, {})).toEqual(['statefulLoss A']);
  });

  test('a condition of a policy with one digit more of many', async () => {
    const trust = (sub: string) => ({
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: 'sts:*', Condition: { StringEquals: { sub } }, Principal: { Federated: 'accounts.google.com' } },
          ],
        },
      },
    });
    expect(await kinds({ R: trust('111111111111111111111') }, { R: trust('111111111111111111112') })).toEqual(['broadening R']);
  });

  test('are none for what is kept, narrower, or holds no data', async () => {
    const before = { Kept: bucket({}, KEPT), Topic: { Type: 'AWS::SNS::Topic' }, Policy: role('s3:*') };
    expect(await kinds(before, { Policy: role('s3:Get*') })).toEqual([]);
  });

  test('a protection that goes', async () => {
    expect(await kinds({ A: bucket({}, KEPT) }, { A: bucket() })).toEqual(['protectionOff A']);
    const plan = await planOf({ A: bucket() }, { A: bucket() }, { deployed: { terminationProtection: true } });
    expect(plan.risks).toEqual([expect.objectContaining({ kind: 'protectionOff', stack: 'lake' })]);
    expect(plan.stacks[0].otherChanges).toEqual([{ what: 'terminationProtection', names: ['off'] }]);
  });

  test('what is lost, opened and protected less by a property', async () => {
    const closed = { VersioningConfiguration: { Status: 'Enabled' }, PublicAccessBlockConfiguration: { BlockPublicAcls: true } };
    const open = { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 1 }] } };
    const plan = await planOf({ A: bucket(closed, KEPT) }, { A: bucket(open, KEPT) });
    expect(plan.risks).toEqual([
      expect.objectContaining({
        kind: 'statefulLoss',
        logicalId: 'A',
        reason: expect.stringContaining('(LifecycleConfiguration.Rules)') as string,
      }),
      expect.objectContaining({ kind: 'broadening', reason: expect.stringContaining('(PublicAccessBlockConfiguration)') as string }),
      expect.objectContaining({ kind: 'protectionOff', reason: expect.stringContaining('(VersioningConfiguration.Status)') as string }),
    ]);
    const written = { ...plan, digest: sha256('') };
    expect(parsePlan(Buffer.from(serialise(written)))).toEqual(written);
    expect(await kinds({ A: bucket({}, KEPT) }, { A: bucket({ VersioningConfiguration: { Status: 'Enabled' } }, KEPT) })).toEqual([]);
  });

  test('a guard that goes, though it holds no data', async () => {
    expect(await kinds({ Plan: { Type: 'AWS::Backup::BackupPlan' } }, {})).toEqual(['protectionOff Plan']);
  });

  test('a transform, when the template changes', async () => {
    const source = { template: { Transform: 'AWS::Serverless-2016-10-31', Resources: {} } };
    const plan = await planOf({}, {}, { source });
    expect(plan.stacks[0].capabilities).toEqual(['CAPABILITY_AUTO_EXPAND']);
    const reason = expect.stringContaining('an apply refuses (DW3308) whatever of it this plan does not show') as string;
    expect(plan.risks).toEqual([expect.objectContaining({ kind: 'unforeseeable', reason })]);
    const asItIs = { deployed: { template: JSON.stringify(source.template, undefined, 1) } };
    expect((await planOf({}, {}, { source, ...asItIs })).risks).toEqual([]);
  });

  test('a nested stack whose template is not in the assembly, however deep', async () => {
    const nesting = (url: string): Resources => ({ Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } } });
    const within = async (Resources: Resources) => {
      const text = JSON.stringify({ Resources });
      const hash = sha256(text);
      const source = { path: 'n.nested.template.json', packaging: 'file' };
      const files = { [hash]: { source, destinations: { here: { bucketName: BUCKET, objectKey: `${hash}.json` } } } };
      const template = { Resources: nesting(`https://s3/assets/${hash}.json`) };
      const assembly = assemblyWith({ lake: { template, files } }, { [source.path]: text });
      return (await draftOf(assembly, deployedWith({}))).plan.risks;
    };
    const elsewhere = nesting('https://s3/elsewhere/t.json');
    expect(await kinds({}, elsewhere)).toEqual(['unforeseeable undefined']);
    expect(await within(elsewhere)).toMatchObject([{ kind: 'unforeseeable', stack: 'lake' }]);
    expect(await within({ Topic: { Type: 'AWS::SNS::Topic' } })).toEqual([]);
  });

  test('a template that is published where every URL would lead, nests nothing: least of all itself', async () => {
    const text = JSON.stringify({
      Resources: { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://x/y' } } },
    });
    const destinations = { here: { bucketName: sha256(text), objectKey: '' } };
    const files = { x: { source: { path: 'n.nested.template.json', packaging: 'file' }, destinations } };
    const template = JSON.parse(text) as object;
    const { plan } = await draftOf(assemblyWith({ lake: { template, files } }, { 'n.nested.template.json': text }), deployedWith({}));
    expect(plan.stacks[0].changes).toMatchObject([{ logicalId: 'Inner', nested: [] }]);
    expect(plan.risks.map(({ kind }) => kind)).toEqual(['publishing', 'unforeseeable']);
  });

  test('a replacement that may become certain: what an apply then refuses, and what to do', async () => {
    const database = (EngineVersion: string) => ({
      Type: 'AWS::RDS::DBInstance',
      Properties: { DBParameterGroupName: EngineVersion, KmsKeyId: 'a' },
    });
    const plan = await planOf({ A: database('1') }, { A: database('2') });
    expect(plan.stacks[0].changes).toMatchObject([{ replacement: 'conditional', stateful: true }]);
    expect(plan.risks).toMatchObject([
      { reason: expect.stringMatching(/^may be replaced.* refuses it \(DW3308\).* another logical id/) as string },
    ]);
  });
});

describe('what the stack itself has', () => {
  test('tags and outputs', async () => {
    const source = { template: { Resources: {}, Outputs: { New: { Value: 'a' } } }, properties: { tags: { a: '1', b: '2' } } };
    const plan = await planOf({}, {}, { source, deployed: { tags: { a: '0', c: '3' } } });
    expect(plan.stacks[0].otherChanges).toEqual([
      { what: 'outputs', names: ['New'] },
      { what: 'tags', names: ['a', 'b', 'c'] },
    ]);
  });

  test.each([true, 'true'])('a value of a parameter with NoEcho is not written into a plan: %p', async (NoEcho) => {
    const template = { Parameters: { Secret: { Type: 'String', NoEcho }, Open: { Type: 'String', NoEcho: false } }, Resources: {} };
    const deployed = { template, parameters: { Secret: '****', Open: 'a' } };
    const given = (parameters: object) => planOf({}, {}, { source: { template, properties: { parameters } }, deployed });
    await expect(given({ Open: 'b', Secret: 'hunter2' })).rejects.toMatchObject({ code: 'DW3239', received: 'Secret of stack lake' });
    expect((await given({ Open: 'b' })).stacks[0].parameters).toEqual({ Open: 'b' });
  });

  test('nor one that is read from the parameter store, in a nested stack neither', async () => {
    const template = {
      Parameters: { Secret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b', NoEcho: true } },
      Resources: {},
    };
    const hash = sha256(JSON.stringify(template));
    const destinations = { here: { bucketName: BUCKET, objectKey: `${hash}.json` } };
    const files = { [hash]: { source: { path: 'n.nested.template.json', packaging: 'file' }, destinations } };
    const nested = assemblyWith({ lake: { template: { Resources: {} }, files } }, { 'n.nested.template.json': JSON.stringify(template) });
    for (const [assembly, received] of [
      [assemblyWith({ lake: { template } }), 'Secret of stack lake'],
      [nested, 'Secret of stack lake (assembly/n.nested.template.json)'],
    ] as const) {
      await expect(draftOf(assembly, deployedWith({}, { '/a/b': 'hunter2' }))).rejects.toMatchObject({ code: 'DW3239', received });
    }
  });

  const ROLE = 'arn:aws:iam::111122223333:role/';
  const rolePlan = async (to: string | undefined, from: string | undefined, after: Resources = { A: bucket() }) => {
    const source = { properties: { cloudFormationExecutionRoleArn: to } };
    return planOf({}, after, { source, deployed: { roleArn: from } });
  };

  test('another role that CloudFormation acts by is a change, and a risk', async () => {
    const plan = await rolePlan(`${ROLE}admin`, `${ROLE}exec`);
    expect(plan.stacks[0].deployed).toMatchObject({ roleArn: `${ROLE}exec` });
    expect(plan.stacks[0].otherChanges).toEqual([{ what: 'role', names: [`${ROLE}admin`] }]);
    expect(plan.risks).toEqual([
      { kind: 'broadening', stack: 'lake', nested: [], reason: `CloudFormation acts by ${ROLE}admin, until now by ${ROLE}exec` },
    ]);
    expect((await rolePlan(`${ROLE}admin`, undefined)).risks).toHaveLength(1);
  });

  test('the same role, none, or one that nothing else is changed with, is no change', async () => {
    expect((await rolePlan(`${ROLE}exec`, `${ROLE}exec`)).stacks[0].otherChanges).toEqual([]);
    expect((await rolePlan(undefined, `${ROLE}exec`)).stacks[0].otherChanges).toEqual([]);
    expect((await rolePlan(`${ROLE}admin`, `${ROLE}exec`, {})).stacks[0].otherChanges).toEqual([]);
  });

  test('the role of a new stack is shown; one that is not of its bootstrap is a risk', async () => {
    const bootstrap = (role: string) => `${ROLE}cdk-q-${role}-role-111122223333-eu-central-1`;
    const created = (roleArn: string, deployRole: string | undefined) =>
      planOf(undefined, {}, { source: { properties: { cloudFormationExecutionRoleArn: roleArn, assumeRoleArn: deployRole } } });
    const ordinary = await created(bootstrap('cfn-exec'), bootstrap('deploy'));
    expect(ordinary.stacks[0].otherChanges).toEqual([{ what: 'role', names: [bootstrap('cfn-exec')] }]);
    expect(ordinary.risks).toEqual([]);
    for (const deployRole of [bootstrap('deploy'), undefined]) {
      const plan = await created(`${ROLE}admin`, deployRole);
      expect(plan.stacks[0].otherChanges).toEqual([{ what: 'role', names: [`${ROLE}admin`] }]);
      expect(plan.risks).toEqual([{ kind: 'broadening', stack: 'lake', nested: [], reason: `CloudFormation acts by ${ROLE}admin` }]);
    }
  });

  const reading = {
    Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' } },
    Conditions: { IsOn: { 'Fn::Equals': [{ Ref: 'P' }, 'on'] } },
    Resources: {
      Direct: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'P' } } },
      Inside: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': 'x${P}' } } },
      Perhaps: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::If': ['IsOn', 'a', 'b'] } } },
      Apart: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'c' } },
    },
  };
  const readingPlan = async (value: string | undefined): Promise<PlannedStack> => {
    const lookup = deployedWith(
      { lake: { template: reading, parameters: { P: '/a/b' }, resolved: { P: 'off' } } },
      value === undefined ? {} : { '/a/b': value },
    );
    return (await draftOf(assemblyWith({ lake: { template: reading } }), lookup)).plan.stacks[0];
  };

  test('another value in the parameter store changes what refers to it, and nothing else', async () => {
    const stack = await readingPlan('on');
    expect(stack.ssmParameters).toEqual({ P: { name: '/a/b', was: 'off', value: 'on' } });
    expect(stack.changes.map(({ logicalId }) => logicalId)).toEqual(['Direct', 'Inside', 'Perhaps']);
    expect(stack.otherChanges).toContainEqual({ what: 'parameters', names: ['P'] });
  });

  test('another value by which no condition changes, changes no branch', async () => {
    expect((await readingPlan('other')).changes.map(({ logicalId }) => logicalId)).toEqual(['Direct', 'Inside']);
  });

  test('the same value changes nothing; of one that is gone, a condition is not known', async () => {
    expect(await readingPlan('off')).toMatchObject({ changes: [], otherChanges: [] });
    await expect(readingPlan(undefined)).rejects.toMatchObject({ code: 'DW3238', received: 'IsOn of lake' });
  });
});

describe('a parameter from the parameter store', () => {
  const template = {
    Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } },
    Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'P' } } } },
  };
  const changed = async (name: string, resolved: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>) => {
    const assembly = assemblyWith({ lake: { template, properties: { parameters: { P: name } } } });
    const lookup = deployedWith({ lake: { template, parameters: { P: '/a/b' }, resolved } }, values);
    return (await draftOf(assembly, lookup)).plan.stacks[0].otherChanges.flatMap(({ names }) => names);
  };

  test.each([
    ['the same', '/a/b', { P: 'x' }, { '/a/b': 'x' }, []],
    ['another name, with the same value', '/a/c', { P: 'x' }, { '/a/b': 'x', '/a/c': 'x' }, ['P']],
    ['a value that is gone, and of which nobody tells what it was', '/a/b', {}, {}, ['P']],
  ])('%s', async (_, name, resolved, values, expected) => {
    expect(await changed(name, resolved, values)).toEqual(expected);
  });

  test('is read once, whoever refers to it', async () => {
    const asked: string[] = [];
    const { stacks, parameters } = await deployedWith({ lake: { template, parameters: { P: '/a/b' } } }, { '/a/b': 'x' })('eu-central-1');
    const counting = {
      values: (names: readonly string[]) => {
        asked.push(...names);
        return parameters.values(names);
      },
    };
    const maker = { Resources: { S: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/b', Type: 'String', Value: 'new' } } } };
    const source = { template, properties: { parameters: { P: '/a/b' } } };
    await draftOf(assemblyWith({ lake: source, maker: { template: maker } }), () => Promise.resolve({ stacks, parameters: counting }));
    expect(asked).toEqual(['/a/b']);
  });

  test('a parameter store that does not answer is that, and no value that may not be read', async () => {
    const { stacks } = await deployedWith({})('eu-central-1');
    const values = () => Promise.reject(new Fault(FAULTS.unreachable, { received: 'ssm' }));
    const source = { template, properties: { parameters: { P: '/a/b' } } };
    const planned = draftOf(assemblyWith({ lake: source }), () => Promise.resolve({ stacks, parameters: { values } }));
    await expect(planned).rejects.toMatchObject({ code: FAULTS.unreachable.code, received: 'ssm' });
  });
});

describe('a parameter that becomes one of the parameter store, or ceases to be one', () => {
  const STORED = 'AWS::SSM::Parameter::Value<String>';
  const template = (Type: string, more: object = {}) => ({
    Parameters: { P: { Type, Default: '111122223333', ...more } },
    Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'P' } } } },
  });
  const planned = async (before: object, after: object, was: Partial<DeployedSource>, stored: string): Promise<PlannedStack> => {
    const lookup = deployedWith({ lake: { template: before, parameters: { P: '111122223333' }, ...was } }, { '111122223333': stored });
    return (await draftOf(assemblyWith({ lake: { template: after } }), lookup)).plan.stacks[0];
  };

  test.each<[string, string, string, Partial<DeployedSource>, string, boolean]>([
    ['the name is no value any more', 'String', STORED, {}, 'other', true],
    ['the value is the name', 'String', STORED, {}, '111122223333', false],
    ['the value is no name any more', STORED, 'String', { resolved: { P: 'other' } }, 'other', true],
    ['the name is the value', STORED, 'String', { resolved: { P: '111122223333' } }, '111122223333', false],
    ['it was never resolved', STORED, STORED, {}, 'other', true],
  ])('%s', async (_, from, to, was, stored, isChanged) => {
    const { changes, changedParameters } = await planned(template(from), template(to), was, stored);
    expect(changedParameters).toEqual(isChanged ? ['P'] : []);
    expect(changes.map(({ logicalId }) => logicalId)).toEqual(isChanged ? ['T'] : []);
  });

  test('another declaration alone is shown, and is no other value', async () => {
    const stack = await planned(template('String'), template('String', { Description: 'x' }), {}, '');
    expect(stack).toMatchObject({ changedParameters: [], changes: [], otherChanges: [{ what: 'parameters', names: ['P'] }] });
  });
});

describe('a nested stack', () => {
  const nested = (name: string) => ({
    Parameters: { In: { Type: 'String' } },
    Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: name } } },
  });
  const text = JSON.stringify(nested('new'), undefined, 1);
  const hash = sha256(JSON.stringify(JSON.parse(text)));
  const files = {
    [hash]: {
      source: { path: 'n.nested.template.json', packaging: 'file' },
      destinations: { here: { bucketName: BUCKET, objectKey: `${hash}.json` } },
    },
  };
  const parent = (key: string) => ({
    Resources: {
      Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: { 'Fn::Sub': `https://s3/assets/${key}.json` } } },
    },
  });
  const assembly = () => assemblyWith({ lake: { template: parent(hash), files } }, { 'n.nested.template.json': text });

  test('is compared with the deployed one', async () => {
    const lookup = deployedWith({ lake: { template: parent('old'), nested: { Inner: 'inner' } }, inner: { template: nested('old') } });
    const { changes } = (await draftOf(assembly(), lookup)).plan.stacks[0];
    expect(changes).toEqual([
      expect.objectContaining({ logicalId: 'Inner', action: 'modify', nested: [], replacement: 'never' }),
      expect.objectContaining({ logicalId: 'T', action: 'modify', nested: ['Inner'], properties: ['/Properties/DisplayName'] }),
    ]);
  });

  test('is all new in a new stack, and all gone when it goes', async () => {
    const added = (await draftOf(assembly(), deployedWith({}))).plan.stacks[0].changes;
    expect(added.map(({ action, nested: path, logicalId }) => [action, ...path, logicalId])).toEqual([
      ['add', 'Inner'],
      ['add', 'Inner', 'T'],
    ]);
    const lookup = deployedWith({ lake: { template: parent('old'), nested: { Inner: 'inner' } }, inner: { template: nested('old') } });
    const removed = (await draftOf(assemblyWith({ lake: { template: { Resources: {} } } }), lookup)).plan.stacks[0].changes;
    expect(removed.map(({ action, nested: path, logicalId }) => [action, ...path, logicalId])).toEqual([
      ['remove', 'Inner'],
      ['remove', 'Inner', 'T'],
    ]);
  });
});

describe('what cannot be planned', () => {
  const one = { template: { Resources: {} } };

  test('values of the parameter store that may not be read: all are named, and none of those that may', async () => {
    const parameter = (Default: string) => ({ Type: 'AWS::SSM::Parameter::Value<String>', Default });
    const template = { Parameters: { A: parameter('/a'), B: parameter('/b'), C: parameter('/c') }, Resources: {} };
    await expect(draftOf(assemblyWith({ lake: { template } }), deployedWith({}, { '/b': 'x' }, ['/a', '/c']))).rejects.toMatchObject({
      code: 'DW3235',
      received: '/a, /c, of stack lake',
    });
  });

  test.each<[string, string, () => string, DeployedSource?]>([
    ['a stack in progress', 'DW3228', () => assemblyWith({ lake: one }), { template: {}, status: 'UPDATE_IN_PROGRESS' }],
    ['a rollback that failed', 'DW3228', () => assemblyWith({ lake: one }), { template: {}, status: 'UPDATE_ROLLBACK_FAILED' }],
    ['a deployed template nested without end', 'DW3234', () => assemblyWith({ lake: one }), { template: JSON.stringify(nested(257)) }],
    ['a deployed template in YAML', 'DW3234', () => assemblyWith({ lake: one }), { template: 'Resources: {}' }],
    ['another account', 'DW3223', () => assemblyWith({ lake: { ...one, environment: 'aws://999999999999/eu-central-1' } })],
    ['no manifest', 'DW3222', () => '/nowhere'],
    [
      'a context that was not looked up',
      'DW3224',
      () =>
        assemblyWith(
          { lake: one },
          {},
          { missing: [{ key: 'vpc', provider: 'vpc-provider', props: { account: '1', region: 'r', filter: {} } }] },
        ),
    ],
    ['a stack without a template', 'DW3222', () => assemblyWith({ lake: { ...one, properties: { templateFile: undefined } } })],
    ['stacks in a circle', 'DW3222', () => assemblyWith({ a: { ...one, dependencies: ['b'] }, b: { ...one, dependencies: ['a'] } })],
    ['a template nested without end', 'DW3222', () => assemblyWith({ lake: { template: { Resources: {}, Metadata: nested(257) } } })],
    ['two stacks of one name', 'DW3222', () => assemblyWith({ a: { ...one, ...named('lake') }, b: { ...one, ...named('lake') } })],
    ['two stacks of one id, in nested assemblies', 'DW3222', () => nestedTwice()],
    ['a path out of the assembly', 'DW3222', () => assemblyWith({ lake: { ...one, files: asset('../../secret') } })],
    ['an asset that is not there', 'DW3226', () => assemblyWith({ lake: { ...one, files: asset('gone') } })],
    [
      'an asset that a command makes',
      'DW3226',
      () => assemblyWith({ lake: { ...one, files: { x: { source: { executable: ['make'] }, destinations: {} } } } }),
    ],
    [
      'a template that was edited',
      'DW3225',
      () => {
        const assembly = assemblyWith({ lake: one });
        writeFileSync(join(assembly, 'lake.template.json'), '{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}');
        return assembly;
      },
    ],
  ])('%s', async (_, code, assembly, ...[deployed]) => {
    await expect((async () => draftOf(assembly(), deployedWith({ lake: deployed })))()).rejects.toMatchObject({ code });
  });

  function nested(levels: number): unknown {
    return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
  }

  test('what is nested as deep as anything is planned', async () => {
    const template = { Resources: { A: { Type: 'AWS::S3::Bucket', Metadata: nested(250) } } };
    await expect(draftOf(assemblyWith({ lake: { template } }), deployedWith({ lake: { template } }))).resolves.toBeDefined();
  });

  function named(stackName: string): Pick<StackSource, 'properties'> {
    return { properties: { stackName } };
  }

  /** A stage in which a nested assembly has a stack of the same id as its own, under another name. */
  function nestedTwice(): string {
    const root = assemblyWith({});
    for (const [folder, name] of Object.entries({ 'assembly-dev': 'lake', 'assembly-dev/assembly-in': 'other' })) {
      cpSync(assemblyWith({ lake: { ...one, ...named(name) } }), join(root, folder), { recursive: true });
    }
    for (const [folder, directoryName] of Object.entries({ '': 'assembly-dev', 'assembly-dev': 'assembly-in' })) {
      const file = join(root, folder, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { artifacts: Record<string, object> };
      manifest.artifacts[directoryName] = { type: 'cdk:cloud-assembly', properties: { directoryName } };
      writeFileSync(file, JSON.stringify(manifest));
    }
    return root;
  }

  function asset(path: string): object {
    return { x: { source: { path, packaging: 'file' }, destinations: { here: { bucketName: 'b', objectKey: 'k' } } } };
  }

  test.each(['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE'])('%s: the stack was never created, and is new', async (status) => {
    const stack = (await planOf({ A: bucket() }, { A: bucket() }, { deployed: { status } })).stacks[0];
    expect(stack).toMatchObject({ changes: [{ action: 'add' }] });
    expect(stack.deployed).toBeUndefined();
  });
});

test('stacks come after those that they depend on', async () => {
  const one = { template: { Resources: {} } };
  const plan = (await draftOf(assemblyWith({ a: { ...one, dependencies: ['c'] }, b: one, c: one }), deployedWith({}))).plan;
  expect(plan.stacks.map(({ artifactId, dependsOn }) => [artifactId, ...dependsOn])).toEqual([['b'], ['c'], ['a', 'c']]);
});

describe('a stack waits for', () => {
  const maker = {
    Resources: { S: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/b', Type: 'String', Value: 'new' } } },
    Outputs: { O: { Value: 'x', Export: { Name: 'exported' } } },
  };
  const waits = async (template: object, deployed: Readonly<Record<string, DeployedSource>> = {}) => {
    const assembly = assemblyWith({ maker: { template: maker }, user: { template } });
    return (await draftOf(assembly, deployedWith(deployed, { '/a/b': 'old' }))).plan.stacks[1].waits;
  };
  const topic = (value: unknown) => ({ Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: value } } } });
  const parameter = { ...topic({ Ref: 'P' }), Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' } } };

  test.each<[string, object, object]>([
    ['a parameter', parameter, { kind: 'parameter', name: '/a/b' }],
    ['a parameter by a dynamic reference', topic('{{resolve:ssm:/a/b:1}}'), { kind: 'parameter', name: '/a/b' }],
    ['an export', topic({ 'Fn::ImportValue': 'exported' }), { kind: 'export', name: 'exported' }],
    ['an output', topic({ 'Fn::GetStackOutput': { StackName: 'maker', OutputName: 'O' } }), { kind: 'output', name: 'O' }],
  ])('%s that another stack of the plan makes first, and for nothing that is there', async (_, template, wait) => {
    expect(await waits(template)).toEqual([{ ...wait, madeBy: 'maker' }]);
    expect(await waits(template, { maker: { template: maker, outputs: ['O'], exports: ['exported'] } })).toEqual([]);
  });

  test('a parameter that another stack changes', async () => {
    const before = structuredClone(maker);
    before.Resources.S.Properties.Value = 'old';
    expect(await waits(parameter, { maker: { template: before } })).toEqual([{ kind: 'parameter', name: '/a/b', madeBy: 'maker' }]);
  });
});

describe('stacks that wait for each other', () => {
  const parameter = (Name: string, DisplayName: string) => ({
    Resources: {
      S: { Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value: 'new' } },
      T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } },
    },
  });
  const plan = (stacks: Parameters<typeof assemblyWith>[0]) => draftOf(assemblyWith(stacks), deployedWith({}));

  test('by what they read', async () => {
    const stacks = {
      one: { template: parameter('/of/one', '{{resolve:ssm:/of/other:1}}') },
      other: { template: parameter('/of/other', '{{resolve:ssm:/of/one:1}}') },
      apart: { template: parameter('/of/apart', 'x') },
      after: { template: parameter('/of/after', '{{resolve:ssm:/of/one:1}}') },
    };
    await expect(plan(stacks)).rejects.toMatchObject({
      code: 'DW3245',
      received:
        'one comes after other, which makes the SSM parameter /of/other; other comes after one, which makes the SSM parameter /of/one',
    });
  });

  test('by what one reads and the other declares', async () => {
    const stacks = {
      reader: { template: parameter('/of/reader', '{{resolve:ssm:/of/maker:1}}') },
      maker: { template: parameter('/of/maker', 'x'), dependencies: ['reader'] },
    };
    await expect(plan(stacks)).rejects.toMatchObject({
      code: 'DW3245',
      received: 'reader comes after maker, which makes the SSM parameter /of/maker; maker depends on reader',
    });
  });
});

describe('what another stack of the plan changes first', () => {
  const maker = (Value: unknown, Tags: object = {}) => ({
    Resources: { S: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/x/principal', Type: 'String', Value, Tags } } },
  });
  const trusting = (principal: unknown) => ({
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }] } },
  });
  const Parameters = { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x/principal' } };
  const user = {
    Parameters,
    Resources: { R: trusting({ Ref: 'P' }), B: bucket({ BucketName: { Ref: 'P' } }), Apart: { Type: 'AWS::SNS::Topic' } },
  };
  const deployed = { P: '/x/principal' };
  const planned = async (before: object, after: object, template: object, source: Partial<DeployedSource> = {}, outputs: string[] = []) => {
    const lookup = deployedWith(
      { maker: { template: before, outputs }, user: { template, parameters: deployed, resolved: { P: 'old' }, ...source } },
      { '/x/principal': 'old' },
    );
    // The consumer stands first: what it reads is known when all have been compared.
    const { plan } = await draftOf(assemblyWith({ user: { template, dependencies: ['maker'] }, maker: { template: after } }), lookup);
    return { plan, stack: plan.stacks.find(({ name }) => name === 'user')! };
  };

  test('changes what refers to it, with its risks', async () => {
    const { plan, stack } = await planned(maker('old'), maker('*'), user);
    expect(stack.changes).toEqual([
      expect.objectContaining({ logicalId: 'B', action: 'modify', replacement: 'always', deletes: true }),
      expect.objectContaining({ logicalId: 'R', action: 'modify', properties: [expect.stringContaining('Principal')] }),
    ]);
    expect(stack.otherChanges).toEqual([{ what: 'parameters', names: ['P'] }]);
    expect(plan.risks).toEqual([
      expect.objectContaining({ kind: 'statefulLoss', stack: 'user', logicalId: 'B' }),
      expect.objectContaining({ kind: 'broadening', stack: 'user', logicalId: 'R' }),
    ]);
    expect(summaryOf(plan).stacks.find(({ name }) => name === 'user')!.counts).toMatchObject({ modify: 1, replace: 1 });
  });

  test('has the value that is written out there, and none when only the deployment tells', async () => {
    const value = async (after: unknown) => (await planned(maker('old'), maker(after), user)).stack.ssmParameters;
    expect(await value('*')).toEqual({ P: { name: '/x/principal', was: 'old', value: '*' } });
    for (const later of [{ 'Fn::GetAtt': ['R', 'Arn'] }, '{{resolve:ssm:/other}}']) {
      expect(await value(later)).toEqual({ P: { name: '/x/principal', was: 'old' } });
    }
  });

  test('changes nothing when its value is the one that the stack was deployed with', async () => {
    const { stack } = await planned(maker('older'), maker('old'), user);
    expect(stack).toMatchObject({ changes: [], otherChanges: [], waits: [{ name: '/x/principal', madeBy: 'maker' }] });
  });

  test('is its value, and not what else there is of a parameter', async () => {
    const computed = { 'Fn::Join': ['', ['o', { Ref: 'AWS::Region' }]] };
    const { stack } = await planned(maker(computed), maker(computed, { a: 'b' }), user);
    expect(stack).toMatchObject({ changes: [], otherChanges: [], waits: [] });
  });

  describe('and perhaps to the same value', () => {
    const reading = (BucketName: unknown) => ({ Resources: { B: bucket({ BucketName }) } });
    const behind = { Parameters, ...reading({ Ref: 'P' }) };
    const custom = (Version: string) => ({ Type: 'Custom::Maker', Properties: { ServiceToken: 'arn', Version } });
    const database = (BackupRetentionPeriod: number) => ({ Type: 'AWS::RDS::DBInstance', Properties: { BackupRetentionPeriod } });
    const giving = (M: object) => {
      const value = { 'Fn::GetAtt': ['M', 'Endpoint.Address'] };
      return { Resources: { M, ...maker(value).Resources }, Outputs: { O: { Value: value } } };
    };
    const output = { 'Fn::GetStackOutput': { StackName: 'maker', OutputName: 'O' } };

    test.each<[string, object, object, object, string]>([
      ['behind a parameter', custom('1'), custom('2'), behind, 'conditional'],
      ['behind a parameter, of what may be replaced', database(7), database(14), behind, 'conditional'],
      ['behind a parameter, of what is replaced', custom('1'), bucket(), behind, 'always'],
      ['by a dynamic reference', custom('1'), custom('2'), reading('{{resolve:ssm:/x/principal}}'), 'conditional'],
      [
        'by a dynamic reference in a text',
        custom('1'),
        custom('2'),
        reading({ 'Fn::Sub': 'x-{{resolve:ssm:/x/principal}}' }),
        'conditional',
      ],
      ['by an output', custom('1'), custom('2'), reading(output), 'conditional'],
      ['by an output of what is replaced', custom('1'), bucket(), reading(output), 'always'],
    ])('is as certain as there: %s', async (_, before, after, template, replacement) => {
      const { plan, stack } = await planned(giving(before), giving(after), template, {}, ['O']);
      expect(stack.changes).toMatchObject([{ logicalId: 'B', replacement }]);
      expect(Object.keys(stack.waits[0])).toEqual(['kind', 'name', 'madeBy']);
      const [{ reason }] = plan.risks.filter((risk) => risk.stack === 'user');
      expect(reason).toMatch(replacement === 'always' ? /^is replaced/ : /^may be replaced/);
      expect(JSON.stringify(plan)).not.toMatch(/@(changed|perhaps|moved)/);
    });
  });

  test('changes what reads it by a dynamic reference, unless that names a version', async () => {
    const resources = { Resources: { R: trusting('{{resolve:ssm:/x/principal}}'), V: trusting('{{resolve:ssm:/x/principal:1}}') } };
    const { plan, stack } = await planned(maker('old'), maker('*'), resources);
    expect(stack.changes.map(({ logicalId }) => logicalId)).toEqual(['R']);
    expect(plan.risks).toMatchObject([{ kind: 'broadening', logicalId: 'R' }]);
  });

  test('changes what reads an output that changes, and not what reads one that stays', async () => {
    const output = (O: string) => ({ Resources: {}, Outputs: { O: { Value: O }, Same: { Value: 'x' } } });
    for (const [name, kinds] of [
      ['O', ['output']],
      ['Same', []],
    ] as const) {
      const reader = { Resources: { R: trusting({ 'Fn::GetStackOutput': { StackName: 'maker', OutputName: name } }) } };
      const { stack } = await planned(output('one'), output('two'), reader, {}, ['O', 'Same']);
      expect(stack.waits.map(({ kind }) => kind)).toEqual(kinds);
      expect(stack.changes).toHaveLength(kinds.length);
    }
  });

  test('changes nothing by the description of an output, or by the name that it is exported by', async () => {
    const output = (more: object) => ({ Resources: {}, Outputs: { O: { Value: 'x', ...more } } });
    const reader = {
      Resources: { B: bucket({ BucketName: { 'Fn::GetStackOutput': { StackName: 'maker', OutputName: 'O' } } }) },
    };
    for (const more of [{ Description: 'b' }, { Export: { Name: 'x' } }]) {
      const { plan, stack } = await planned(output({ Description: 'a' }), output(more), reader, {}, ['O']);
      expect(stack).toMatchObject({ changes: [], waits: [] });
      expect(plan.stacks.find(({ name }) => name === 'maker')!.otherChanges).toEqual([{ what: 'outputs', names: ['O'] }]);
    }
  });

  test('is told in the stack that it may be replaced in; elsewhere what reads its other name is allowed no more, but may be lost', async () => {
    const database = (BackupRetentionPeriod: number) => ({
      Resources: {
        Db: { Type: 'AWS::RDS::DBInstance', Properties: { BackupRetentionPeriod } },
        S: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/x/principal', Type: 'String', Value: { 'Fn::GetAtt': ['Db', 'DBInstanceArn'] } },
        },
      },
    });
    const { plan, stack } = await planned(database(7), database(14), user);
    expect(stack.changes.map(({ logicalId, replacement, follows }) => [logicalId, replacement, follows])).toEqual([
      ['B', 'conditional', undefined],
      ['R', 'never', undefined],
    ]);
    expect(plan.risks.map(({ kind, stack: where, logicalId }) => [kind, where, logicalId])).toEqual([
      ['statefulLoss', 'maker', 'Db'],
      ['statefulLoss', 'user', 'B'],
    ]);
  });

  test('changes nothing that reads an output of the same name, of another stack or another region', async () => {
    const output = (O: string) => ({ Resources: {}, Outputs: { O: { Value: O } } });
    const reading = (source: object) => ({ Resources: { R: trusting({ 'Fn::GetStackOutput': { OutputName: 'O', ...source } }) } });
    const template = { Resources: { ...reading({ StackName: 'maker' }).Resources, S: reading({ StackName: 'other' }).Resources.R } };
    const here = await planned(output('one'), output('two'), template, {}, ['O']);
    expect(here.stack.changes.map(({ logicalId }) => logicalId)).toEqual(['R']);
    const there = await planned(output('one'), output('two'), reading({ StackName: 'maker', Region: 'us-east-1' }), {}, ['O']);
    expect(there.stack).toMatchObject({ changes: [], waits: [] });
  });

  test('changes what reads an output that was not there', async () => {
    const output = (Outputs: object) => ({ Resources: {}, Outputs });
    const role = { Resources: { R: trusting({ 'Fn::GetStackOutput': { StackName: 'maker', OutputName: 'O' } }) } };
    const { stack } = await planned(output({}), output({ O: { Value: 'x' } }), role);
    expect(stack.changes.map(({ logicalId }) => logicalId)).toEqual(['R']);
  });

  test('is followed through the stacks that pass it on', async () => {
    const passing = {
      Parameters,
      Resources: { T: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/x/next', Type: 'String', Value: { Ref: 'P' } } } },
    };
    const last = { Parameters: { P: { ...Parameters.P, Default: '/x/next' } }, Resources: { R: trusting({ Ref: 'P' }) } };
    const lookup = deployedWith(
      {
        last: { template: last, parameters: { P: '/x/next' }, resolved: { P: 'old' } },
        maker: { template: maker('old') },
        passing: { template: passing, parameters: deployed, resolved: { P: 'old' } },
      },
      { '/x/principal': 'old', '/x/next': 'old' },
    );
    const assembly = assemblyWith({ last: { template: last }, passing: { template: passing }, maker: { template: maker('*') } });
    const { plan } = await draftOf(assembly, lookup);
    expect(plan.stacks.map(({ name, changes }) => [name, ...changes.map(({ logicalId }) => logicalId)])).toEqual([
      ['last', 'R'],
      ['passing', 'T'],
      ['maker', 'S'],
    ]);
    expect(plan.risks).toMatchObject([{ kind: 'broadening', stack: 'last' }]);
  });

  test('of another region is another one', () => {
    const makerIn = (region: string): Producer => ({
      stack: { artifactId: 'maker', name: 'maker', region },
      templates: [],
      changedParameters: new Map([['/x/principal', { certainty: 'certainly', value: '*' }]]),
      exports: new Set(),
      outputs: new Set(),
      changedOutputs: new Map(),
    });
    const consumer = { stack: { artifactId: 'user', region: 'eu-central-1' }, templates: [], ssmNames: ['/x/principal'] };
    expect(waitsOf(consumer, [makerIn('us-east-1')])).toEqual([]);
    expect(waitsOf(consumer, [makerIn('eu-central-1')])).toMatchObject([{ kind: 'parameter', name: '/x/principal', madeBy: 'maker' }]);
  });
});

describe('the parameters of a nested stack', () => {
  const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
  const inner = (Default = '1') => ({
    Parameters: {
      Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' },
      Given: { Type: 'String' },
      Later: { Type: 'String', Default: 'never' },
      Own: { Type: 'Number', Default },
      Secret: { Type: 'String', NoEcho: true },
    },
    Resources: Object.fromEntries(['Stored', 'Given', 'Later', 'Own', 'Secret'].map((name) => [`Of${name}`, topic({ Ref: name })])),
  });
  const parent = (template: object, more: { Given?: unknown; Secret?: string; 'Fn::Transform'?: object } = {}) => {
    const hash = sha256(JSON.stringify(template));
    const Parameters = { Given: { Ref: 'Size' }, Later: { 'Fn::GetAtt': ['Other', 'TopicName'] }, Secret: 'secret', ...more };
    return {
      Parameters: { Size: { Type: 'String', Default: '3' }, Around: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' } },
      Resources: {
        Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3/assets/${hash}.json`, Parameters } },
        Other: topic('x'),
      },
    };
  };
  const deployedInner = (template = inner()): DeployedSource => ({
    template,
    parameters: { Stored: '/a/b', Given: '3', Later: 'x', Own: '1', Secret: '****' },
    resolved: { Stored: 'old' },
  });
  const planned = async (
    after: {
      template?: object;
      passes?: Parameters<typeof parent>[1];
      stored?: string;
      others?: Readonly<Record<string, StackSource>>;
    } = {},
  ) => {
    const { template = inner(), passes, stored = 'old', others = {} } = after;
    const hash = sha256(JSON.stringify(template));
    const destinations = { here: { bucketName: BUCKET, objectKey: `${hash}.json` } };
    const files = { [hash]: { source: { path: 'n.nested.template.json', packaging: 'file' }, destinations } };
    const assembly = assemblyWith(
      { lake: { template: parent(template, passes), files }, ...others },
      { 'n.nested.template.json': JSON.stringify(template) },
    );
    const lookup = deployedWith(
      { lake: { template: parent(inner()), parameters: { Size: '3' }, nested: { Inner: 'inner' } }, inner: deployedInner() },
      { '/a/b': stored },
    );
    const { stacks } = (await draftOf(assembly, lookup)).plan;
    const { changes, nestedParameters } = stacks.find(({ name }) => name === 'lake')!;
    return { changed: changes.filter(({ nested }) => nested.length > 0).map(({ logicalId }) => logicalId), ...nestedParameters[0] };
  };

  test('are known where the templates tell; those of the parameter store are read; secrets stay secret', async () => {
    expect(await planned()).toEqual({
      changed: [],
      nested: ['Inner'],
      parameters: { Given: '3', Own: '1' },
      ssmParameters: { Stored: { name: '/a/b', was: 'old', value: 'old' } },
      changedParameters: [],
    });
  });

  const maker = { Resources: { S: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/b', Type: 'String', Value: 'made' } } } };
  test.each<[string, Parameters<typeof planned>[0], string]>([
    ['another value in the parameter store', { stored: 'new' }, 'Stored'],
    ['another value that another stack of the plan makes first', { others: { maker: { template: maker } } }, 'Stored'],
    ['another value in the template around it', { passes: { Given: '4' } }, 'Given'],
    ['another default', { template: inner('2') }, 'Own'],
    ['another secret', { passes: { Secret: 'other' } }, 'Secret'],
  ])('%s changes what refers to it, and nothing else', async (_, after, name) => {
    expect(await planned(after)).toMatchObject({ changed: [`Of${name}`], changedParameters: [name] });
  });

  test('another expression with the same value changes nothing', async () => {
    expect(await planned({ passes: { Given: '3' } })).toMatchObject({ changed: [], changedParameters: [] });
  });

  test('a value is known that the stack around it reads from the store, and none that is read when it is deployed', async () => {
    expect((await planned({ passes: { Given: { Ref: 'Around' } } })).parameters).toEqual({ Given: 'old', Own: '1' });
    expect((await planned({ passes: { Given: '{{resolve:ssm:/a/b}}' } })).parameters).toEqual({ Own: '1' });
  });

  test('none is known when a function makes them', async () => {
    const passes = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://elsewhere/p.json' } } };
    expect((await planned({ passes })).parameters).toEqual({});
  });

  test('that another stack makes have the value that its template writes out', async () => {
    expect((await planned({ others: { maker: { template: maker } } })).ssmParameters).toEqual({
      Stored: { name: '/a/b', was: 'old', value: 'made' },
    });
  });
});
