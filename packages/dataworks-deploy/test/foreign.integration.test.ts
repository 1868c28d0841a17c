/**
 * An application that is not DataWorks, through the compiled command: a function with code, a nested stack, and two stacks of which one
 * uses the other. Planned, approved, applied, changed, tampered with. Judged by what the servers hold.
 */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssetManifest } from '@aws-cdk/cloud-assembly-schema';
import { DescribeStackEventsCommand, DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ECRClient, PutImageCommand, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import { expectNothingDone, interceptedApply, succeeded } from './support/applying';
import { REGION } from './support/command-line';
import type { Call } from './support/intercepting-proxy';
import { commit, workspace, Workplace } from './support/workspace';
import { zipOf } from './support/zip';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';
import { writeBundle } from '../src/plan/bundle/bundle';
import { filesBelow } from '../src/plan/bundle/bundle-files';
import type { Plan } from '../src/plan/plan';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.CDK_VALIDATION = 'false';

const APP = join(__dirname, 'foreign-app');
const TSX = join(__dirname, '../../../node_modules/.bin/tsx');

const own = ownServer();
const { folder } = own;

/** What is in the nested stack. */
interface Inside {
  readonly note: string;
  /** Name of a further parameter. */
  readonly more?: string;
}

let foreign: Workplace;
let bundle: string;

beforeAll(async () => {
  await compile(() => {});
  [foreign] = workspace(join(folder, 'foreign'), ['720000000001'], own.url);
  bundle = join(folder, 'bundle');
  cpSync(join(APP, 'function'), join(foreign.place.folder, 'function'), { recursive: true });
  succeeded(await foreign.run('bootstrap', 'dev', '--yes'));
});

function writeApp(context: object): void {
  writeFileSync(join(foreign.place.folder, 'cdk.json'), JSON.stringify({ app: `${TSX} ${join(APP, 'app.ts')}`, context }));
}

/** Plan the application with this in its nested stack. */
async function planned(inside: Inside): Promise<Plan> {
  writeApp({ inside });
  commit(foreign.place.folder);
  succeeded(await foreign.run('plan', 'dev', '--upload', '--out', bundle));
  return JSON.parse(readFileSync(join(bundle, 'plan.json'), 'utf8')) as Plan;
}

async function approved(inside: Inside): Promise<Plan> {
  const plan = await planned(inside);
  succeeded(await foreign.run('approve', 'dev', plan.digest));
  return plan;
}

/** Everything of a plan that changes, as the logical ids that lead there without the CDK's hashes. */
const changesOf = ({ stacks }: Plan) =>
  stacks.flatMap(({ name, changes }) =>
    changes.map((change) => [name, change.action, [...change.nested, change.logicalId].map(plain).join('/')]),
  );
const plain = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '').replace(/NestedStackNestedNestedStackResource$/, '');

/** Physical id of a resource, by the beginning of its logical id. */
async function idOf(stack: string, logicalId: string, type: string): Promise<string> {
  const { StackResources = [] } = await foreign.clients.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stack }));
  const found = StackResources.find((one) => one.LogicalResourceId!.startsWith(logicalId) && one.ResourceType === type);
  return found!.PhysicalResourceId!;
}

const nestedStack = () => idOf('foreign-base', 'Nested', 'AWS::CloudFormation::Stack');

/** A call of a query API for which this package has no client. */
async function ask(service: string, path: string, body?: string): Promise<string> {
  const scope = `${foreign.place.account}/20261128/${REGION}/${service}/aws4_request`;
  const answer = await fetch(new URL(path, own.url), {
    method: body === undefined ? 'GET' : 'POST',
    body,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=unchecked`,
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.text();
}

async function topic(arn: string): Promise<Record<string, string>> {
  const text = await ask('sns', '/', new URLSearchParams({ Action: 'GetTopicAttributes', TopicArn: arn }).toString());
  return Object.fromEntries([...text.matchAll(/<key>(\w+)<\/key><value>([^<]*)<\/value>/g)].map(([, key, value]) => [key, value]));
}

async function published(): Promise<string[]> {
  const { Contents = [] } = await foreign.clients.s3.send(new ListObjectsV2Command({ Bucket: foreign.names.cdkStagingBucket }));
  return Contents.map(({ Key }) => Key!);
}

async function content(Key: string): Promise<Uint8Array> {
  const { Body } = await foreign.clients.s3.send(new GetObjectCommand({ Bucket: foreign.names.cdkStagingBucket, Key }));
  return Body!.transformToByteArray();
}

const put = (Key: string, Body: Uint8Array | string) =>
  foreign.clients.s3.send(new PutObjectCommand({ Bucket: foreign.names.cdkStagingBucket, Key, Body }));

const keyOf = ({ stacks }: Plan, stack: string, type: 'template' | 'zip') =>
  stacks
    .find(({ name }) => name === stack)!
    .assets.filter((asset) => asset.type === type)
    .map(({ destinations: [{ location }] }) => location.replace(/^s3:\/\/[^/]+\//, ''));

/** Where the template of the nested stack is published: its stack's own template is not, it is sent. */
const nestedKey = (plan: Plan) => keyOf(plan, 'foreign-base', 'template').find((key) => !plan.stacks[0].template.url!.endsWith(key))!;

async function parameter(Name: string): Promise<string> {
  const ssm = parameterStore();
  return (await ssm.send(new GetParameterCommand({ Name }))).Parameter!.Value!;
}

const settings = () => ({
  endpoint: own.url,
  region: REGION,
  credentials: { accessKeyId: foreign.place.account, secretAccessKey: 'test' },
});
const parameterStore = () => new SSMClient(settings());

describe('planned', () => {
  test('in order, with its assets and its nested stack; the second stack waits for the first', async () => {
    const [base, user] = (await planned({ note: 'one' })).stacks;
    expect(base).toMatchObject({ name: 'foreign-base', dependsOn: [], waits: [] });
    expect(base.changes).toContainEqual(expect.objectContaining({ type: 'AWS::SNS::Topic', nested: [expect.stringMatching(/^Nested/)] }));
    expect(base.assets.map(({ type }) => type)).toEqual(['template', 'template']);
    expect(user).toMatchObject({ name: 'foreign-user', dependsOn: ['base'] });
    expect(user.assets.map(({ type }) => type).sort()).toEqual(['template', 'zip']);
    expect(user.waits).toEqual([
      { kind: 'export', name: expect.stringMatching(/^foreign-base:ExportsOutput/) as string, madeBy: 'base' },
      { kind: 'parameter', name: '/dataworks/foreign/setting', madeBy: 'base' },
    ]);
    const code = user.assets.find(({ type }) => type === 'zip')!;
    expect(readFileSync(join(bundle, code.path, 'index.js'), 'utf8')).toBe(readFileSync(join(APP, 'function/index.js'), 'utf8'));
  });

  test('with the same digest wherever it is', async () => {
    const { digest, assemblyGiven } = await planned({ note: 'one' });
    expect(assemblyGiven).toBeUndefined();
    const place = { ...foreign.place, folder: join(folder, 'elsewhere') };
    cpSync(foreign.place.folder, place.folder, { recursive: true });
    const elsewhere = new Workplace(place);
    const there = await elsewhere.run('plan', 'dev', '--upload', '--json');
    expect((JSON.parse(there.out) as Plan).digest).toBe(digest);
  });
});

test('with a qualifier of its own, it is not planned: the bootstrap has another one', async () => {
  const context = { inside: { note: 'one' }, '@aws-cdk/core:bootstrapQualifier': 'own' };
  writeApp(context);
  commit(foreign.place.folder);
  const before = await foreign.keys('');
  const { code, err } = await foreign.run('plan', 'dev', '--upload');
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(
      /^DW3244: .*foreign-base is made for `own`.*, foreign-user is made for `own`.*Allowed: `dataworks`/m,
    ) as string,
  });
  expect(await foreign.keys('')).toEqual(before);
});

describe('applied', () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await approved({ note: 'one' });
    succeeded(await foreign.apply(plan.digest));
  });

  test('both stacks, the nested one, its topic, and the function with its code and its settings', async () => {
    expect(await foreign.record()).toMatchObject({
      result: 'succeeded',
      planDigest: plan.digest,
      stacks: [
        { name: 'foreign-base', status: 'CREATE_COMPLETE' },
        { name: 'foreign-user', status: 'CREATE_COMPLETE' },
      ],
    });
    const { Stacks = [] } = await foreign.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: await nestedStack() }));
    expect(Stacks[0]).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      ParentId: expect.stringContaining(':stack/foreign-base/') as string,
    });
    const inner = await topic(await idOf(Stacks[0].StackId!, 'Inner', 'AWS::SNS::Topic'));
    expect(inner.DisplayName).toBe('inner');
    const outer = await idOf('foreign-base', 'Topic', 'AWS::SNS::Topic');
    expect((await topic(outer)).TopicArn).toBe(outer);
    expect(await parameter('/dataworks/foreign/note')).toBe('one');

    const name = await idOf('foreign-user', 'Function', 'AWS::Lambda::Function');
    const configuration = JSON.parse(await ask('lambda', `/2015-03-31/functions/${name}/configuration`)) as Record<string, unknown>;
    const [zip] = keyOf(plan, 'foreign-user', 'zip');
    expect(configuration).toMatchObject({
      CodeSha256: createHash('sha256')
        .update(await content(zip))
        .digest('base64'),
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: expect.stringMatching(/^arn:aws:iam::\d+:role\/foreign-user-/) as string,
      Environment: { Variables: { TOPIC: outer, SETTING: 'one' } },
    });
    expect((await published()).sort()).toEqual([zip, nestedKey(plan)].sort());
  });

  test('and nothing is left to do: the second plan is empty, and its apply changes nothing', async () => {
    const before = await eventIds();
    const again = await approved({ note: 'one' });
    expect(changesOf(again)).toEqual([]);
    const bare = await foreign.run('plan', 'dev', '--detailed-exitcode');
    expect(bare).toMatchObject({ code: 0, out: expect.stringContaining('No changes') as string });
    succeeded(await foreign.apply(again.digest));
    expect(await foreign.record()).toMatchObject({ result: 'noChanges' });
    expect(await eventIds()).toEqual(before);
  });

  test('a change in the nested stack alone is shown, and changes that alone', async () => {
    const before = await foreign.operations('foreign-user');
    const change = await approved({ note: 'two' });
    expect(changesOf(change)).toEqual([
      ['foreign-base', 'modify', 'Nested'],
      ['foreign-base', 'modify', 'Nested/Note'],
    ]);
    const shown = await foreign.run('show', 'dev', change.digest);
    expect(shown.out).toMatch(/Note.*\n.*Value|\/Properties\/Value/);
    succeeded(await foreign.apply(change.digest));
    expect(await parameter('/dataworks/foreign/note')).toBe('two');
    expect(await foreign.status(await nestedStack())).toBe('UPDATE_COMPLETE');
    expect(await foreign.operations('foreign-user')).toEqual(before);
  });

  test('a change smuggled into the template of the nested stack on its way is refused before it is executed', async () => {
    const change = await approved({ note: 'three' });
    const key = nestedKey(change);
    const smuggle = async ({ name }: Call) => {
      if (name !== 'cloudformation:CreateChangeSet') return true;
      const template = JSON.parse(Buffer.from(await content(key)).toString()) as { Resources: Record<string, object> };
      template.Resources.Door = { Type: 'AWS::SNS::Topic' };
      await put(key, JSON.stringify(template));
      return true;
    };
    const before = await eventIds();
    const refused = await interceptedApply(foreign, change.digest, () => ({ before: smuggle }));
    expect(refused.code).toBe(4);
    expect(refused.err).toMatch(
      /^DW3308: .*the template of Nested\w+ is not that of the plan; AWS::SNS::Topic Nested\w+\/Door: add is not in the plan/m,
    );
    expect(await eventIds()).toEqual(before);
    expect(await foreign.changeSets('foreign-base')).toEqual([]);
    expect(await parameter('/dataworks/foreign/note')).toBe('two');
    // It is still there: nothing is deployed from it.
    await expectNothingDone(foreign, () => foreign.apply(change.digest), 4, new RegExp(`^DW3314: .*${key}, which is not `, 'm'));
    await foreign.clients.s3.send(new DeleteObjectCommand({ Bucket: foreign.names.cdkStagingBucket, Key: key }));
    succeeded(await foreign.apply(change.digest));
    expect(await parameter('/dataworks/foreign/note')).toBe('three');
  });

  test('a resource that fails in the nested stack: all is taken back, and it is named', async () => {
    const fails = async (inside: Inside) => {
      await parameterStore().send(new PutParameterCommand({ Name: inside.more, Value: 'taken', Type: 'String' }));
      const change = await approved(inside);
      const failed = await foreign.apply(change.digest);
      expect(failed.code).toBe(6);
      return failed.err;
    };
    expect(await fails({ note: 'four', more: '/dataworks/foreign/first' })).toMatch(
      /^DW3321: .*foreign-base ended as UPDATE_ROLLBACK_COMPLETE \(Nested\w+\/AWS::SSM::Parameter first\w+: .*already exists/m,
    );
    // Not the failure of the time before.
    expect(await fails({ note: 'four', more: '/dataworks/foreign/second' })).toMatch(/^DW3321: .*AWS::SSM::Parameter second\w+: /m);
    expect(await foreign.status(await nestedStack())).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await parameter('/dataworks/foreign/note')).toBe('three');
    expect(await foreign.record()).toMatchObject({ result: 'failed', stacks: [{ status: 'UPDATE_ROLLBACK_COMPLETE' }, {}] });
    expect(await foreign.holder()).toBeUndefined();
    succeeded(await foreign.apply((await approved({ note: 'four' })).digest));
    expect(await parameter('/dataworks/foreign/note')).toBe('four');
  });
});

describe('assets', () => {
  /** With another function, whose code no earlier plan has published. */
  const withCode = async (code: string): Promise<Plan> => {
    writeFileSync(join(foreign.place.folder, 'function/index.js'), `exports.handler = async () => '${code}';\n`);
    return approved({ note: 'four' });
  };
  const codeIn = (plan: Plan) => join(bundle, plan.stacks[1].assets.find(({ type }) => type === 'zip')!.path, 'index.js');

  test('the code of the function is changed in the bundle: refused', async () => {
    const plan = await withCode('changed in the bundle');
    const file = codeIn(plan);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('changed', 'Changed'));
    await expectNothingDone(foreign, () => foreign.apply(bundle), 4, /^DW320[78]: /m);
    writeFileSync(file, before);
    chmodSync(file, 0o755);
    await expectNothingDone(foreign, () => foreign.apply(bundle), 4, /^DW320[78]: /m);
  });

  test('a command makes it, in a bundle whose digest is right: refused, and the command is not run', async () => {
    const { digest, ...plan } = await withCode('made by a command');
    const byHand = join(folder, 'by-hand');
    const ran = join(folder, 'ran');
    const sources = filesBelow(join(bundle, 'assembly')).map((path) => ({
      path: `assembly/${path}`,
      file: join(bundle, 'assembly', path),
    }));
    const path = plan.stacks[1].assetManifest!;
    const manifest = JSON.parse(readFileSync(join(bundle, path), 'utf8')) as AssetManifest;
    for (const { source } of Object.values(manifest.files!)) Object.assign(source, { executable: ['touch', ran] });
    mkdirSync(byHand);
    const written = writeBundle(byHand, plan, [...sources, { path, text: JSON.stringify(manifest) }]);
    expect(written.digest).not.toBe(digest);
    await expectNothingDone(foreign, () => foreign.apply(byHand), 4, /^DW3208: .*with executable/m);
    expect(existsSync(ran)).toBe(false);
  });

  test('another file is published under its name: refused, before the first stack is changed', async () => {
    const plan = await withCode('published before');
    const [key] = keyOf(plan, 'foreign-user', 'zip');
    const [other] = (await published()).filter((one) => one.endsWith('.zip'));
    for (const body of [await content(other), 'no archive']) {
      await put(key, body);
      await expectNothingDone(foreign, () => foreign.apply(plan.digest), 4, new RegExp(`^DW3314: .*${key}, which is not `, 'm'));
      expect(Buffer.from(await content(key))).toEqual(Buffer.from(body));
    }
  });

  test('the same file is published under its name, packed by another tool: applied', async () => {
    const plan = await withCode('packed elsewhere');
    const [key] = keyOf(plan, 'foreign-user', 'zip');
    await put(key, zipOf({ path: 'index.js', content: readFileSync(codeIn(plan)) }));
    succeeded(await foreign.apply(plan.digest));
    expect(await foreign.status('foreign-user')).toBe('UPDATE_COMPLETE');
  });

  test('its content is changed and its name is not: refused, although no template changes', async () => {
    const plan = await withCode('named by what it was');
    succeeded(await foreign.apply(plan.digest));
    const assembly = join(folder, 'renamed.out');
    cpSync(join(bundle, 'assembly'), assembly, { recursive: true });
    writeFileSync(codeIn(plan).replace(join(bundle, 'assembly'), assembly), 'something else');
    const digest = await foreign.planOf(assembly);
    succeeded(await foreign.run('approve', 'dev', digest));
    await expectNothingDone(foreign, () => foreign.apply(digest), 4, /^DW3314: .*which is not assembly\/asset\./m);
  });

  describe('an image', () => {
    let builder: Workplace;
    let digest: string;
    let image: { repositoryName: string; imageTag: string };
    const change = (command: PutImageCommand | PutImageTagMutabilityCommand) => new ECRClient(settings()).send(command as PutImageCommand);

    beforeAll(async () => {
      const assembly = join(folder, 'image.out');
      const app = new App({ outdir: assembly });
      const place = { env: { account: foreign.place.account, region: REGION } };
      const first = new Stack(app, 'first', { ...place, synthesizer: new DefaultStackSynthesizer({ qualifier: 'dataworks' }) });
      new StringParameter(first, 'First', { stringValue: 'first' });
      const second = new Stack(app, 'second', { ...place, synthesizer: new DefaultStackSynthesizer({ qualifier: 'dataworks' }) });
      writeFileSync(join(foreign.place.folder, 'function/Dockerfile'), 'FROM scratch\nCOPY index.js /\n');
      const { imageUri, assetHash } = new DockerImageAsset(second, 'Image', { directory: join(foreign.place.folder, 'function') });
      new StringParameter(second, 'Uri', { stringValue: imageUri });
      second.addStackDependency(first);
      app.synth();
      image = { repositoryName: foreign.names.cdkRepository, imageTag: assetHash };
      builder = new Workplace({ ...foreign.place, variables: { CDK_DOCKER: join(folder, 'no-docker') } });
      digest = await builder.planOf(assembly);
      succeeded(await builder.run('approve', 'dev', digest));
    });

    test('where nothing builds images: refused, before the first stack is changed', async () => {
      await expectNothingDone(builder, () => builder.apply(digest), 1, /^DW3326: .*second: [0-9a-f]{64}/m);
    });

    test('in a repository that gives a tag to another image: refused', async () => {
      await change(new PutImageCommand({ ...image, imageManifest: JSON.stringify({ schemaVersion: 2, layers: [] }) }));
      await change(new PutImageTagMutabilityCommand({ ...image, imageTagMutability: 'MUTABLE' }));
      await expectNothingDone(builder, () => builder.apply(digest), 4, new RegExp(`^DW3315: .*${image.repositoryName}`, 'm'));
    });

    test('that is published, in one that does not: taken', async () => {
      await change(new PutImageTagMutabilityCommand({ ...image, imageTagMutability: 'IMMUTABLE' }));
      succeeded(await builder.apply(digest));
      expect(await builder.status('second')).toBe('CREATE_COMPLETE');
    });
  });
});

test('what refers to a replaced resource follows it, in the stack and in one that reads it through the parameter store', async () => {
  const outdir = join(folder, 'renamed-bucket.out');
  const digestOf = async (bucketName: string) => {
    const app = new App({ outdir, analyticsReporting: true });
    const props = { env: { account: foreign.place.account, region: REGION } };
    const stack = (name: string) =>
      new Stack(app, name, { ...props, synthesizer: new DefaultStackSynthesizer({ qualifier: 'dataworks' }) });
    const reader = stack('reader'); // first, and no dependency is declared: what it reads tells after which it comes
    const data = stack('data');
    const bucket = new Bucket(data, 'Bucket', { bucketName });
    new StringParameter(data, 'Arn', { parameterName: '/data/arn', stringValue: bucket.bucketArn });
    const arn = StringParameter.valueForStringParameter(reader, '/data/arn');
    new StringParameter(reader, 'Copy', { parameterName: '/data/copy', stringValue: arn });
    new Topic(reader, bucketName === 'data-one' ? 'One' : 'Two'); // and the CDK says so of itself
    app.synth();
    const digest = await foreign.planOf(outdir);
    succeeded(await foreign.run('approve', 'dev', digest));
    return digest;
  };
  succeeded(await foreign.apply(await digestOf('data-one')));
  const digest = await digestOf('data-two');
  const shown = await foreign.run('show', 'dev', digest);
  expect(shown.out).toMatch(/AWS::SSM::Parameter .*Arn.*\n.*Bucket[0-9A-F]+\.Arn/);
  succeeded(await foreign.apply(digest));
  expect(await parameter('/data/copy')).toBe('arn:aws:s3:::data-two');
  expect(await foreign.operations('reader')).toHaveLength(2);
});

test('a template too large to be sent is published and deployed from there, and its change as well', async () => {
  const values = (value: string) => Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`value${index}`, value.padEnd(500, '.')]));
  for (const value of ['one', 'two']) {
    const digest = await foreign.approved([{ name: 'large', values: values(value) }]);
    const { calls, ...ended } = await interceptedApply(foreign, digest, () => ({
      before: ({ name, body }) => {
        if (name === 'cloudformation:CreateChangeSet') sent.push(new URLSearchParams(body.toString()));
        return true;
      },
    }));
    succeeded(ended);
    expect(calls).toContain('cloudformation:ExecuteChangeSet');
    expect((await parameter('/large/value89')).slice(0, 3)).toBe(value);
  }
  for (const form of sent) {
    expect(form.has('TemplateBody')).toBe(false);
    const { hostname, pathname } = new URL(form.get('TemplateURL')!);
    expect(hostname).toBe(`s3.${REGION}.amazonaws.com`);
    const [, bucket, key] = /^\/([^/]+)\/(.+)$/.exec(pathname)!;
    expect(bucket).toBe(foreign.names.cdkStagingBucket);
    expect((await content(key)).length).toBeGreaterThan(51_200);
  }
});
const sent: URLSearchParams[] = [];

/** Of every stack: whatever is done to one adds some. */
async function eventIds(): Promise<unknown> {
  const names = ['foreign-base', 'foreign-user', await nestedStack()];
  return Promise.all(
    names.map(async (StackName) => {
      const { StackEvents = [] } = await foreign.clients.cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents.map(({ EventId }) => EventId);
    }),
  );
}
