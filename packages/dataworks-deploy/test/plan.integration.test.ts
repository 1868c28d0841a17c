/** `dataworks plan` and `dataworks show`, as processes, against a local AWS of their own. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { configuration, dataworks, environmentOf, REGION, writeConfiguration, type Place } from './support/command-line';
import { ownServer } from '../../../local-aws/test/own-server';
import { compile } from '../../../local-aws/try/compile';
import { targetOf } from '../src/config/target';
import type { Plan } from '../src/plan/plan';
import type { Summary } from '../src/plan/summary';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const ROOT = join(__dirname, '../../..');
const LAKE = join(ROOT, 'packages/dataworks-app');

const own = ownServer();
const { folder } = own;

beforeAll(async () => {
  await compile(() => {});
});

/** The lake of an account that nothing was done in yet but the bootstrap, as an application in a repository of its own. */
async function newLake(account: string): Promise<Place> {
  const place = { name: 'dev', account, folder: join(folder, account), url: own.url };
  writeConfiguration(place.folder, configuration([account]));
  const { context } = JSON.parse(readFileSync(join(LAKE, 'cdk.json'), 'utf8')) as { context: object };
  const main = [
    `import { createApp } from ${JSON.stringify(join(LAKE, 'src/app'))};`,
    `import { loadConfiguration } from ${JSON.stringify(join(ROOT, 'packages/dataworks-deploy/src'))};`,
    "createApp({}, loadConfiguration('dataworks.json')).synth();",
  ];
  writeFileSync(join(place.folder, 'main.ts'), main.join('\n'));
  const app = `${join(ROOT, 'node_modules/.bin/tsx')} main.ts`;
  writeFileSync(join(place.folder, 'cdk.json'), JSON.stringify({ app, context }));
  commit(place.folder);
  await bootstrap(place);
  return place;
}

function commit(directory: string): void {
  const git = (...args: string[]) => execFileSync('git', ['-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
  git('init', '--quiet');
  writeFileSync(join(directory, '.gitignore'), 'cdk.out\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'application');
}

async function bootstrap(place: Place): Promise<void> {
  expect(await dataworks(place, ['bootstrap', 'dev', '--yes'])).toMatchObject({ code: 0 });
}

function deploy(place: Place): void {
  const args = ['deploy', 'dev/*', '--require-approval', 'never', '--no-notices', '--output', join(folder, `${place.account}.out`)];
  const env = { ...environmentOf(place), CDK_VALIDATION: 'false' };
  execFileSync(join(ROOT, 'node_modules/.bin/cdk'), args, { cwd: place.folder, env, stdio: 'pipe' });
}

async function planned(place: Place, ...options: string[]): Promise<Summary & { digest: string }> {
  const ended = await dataworks(place, ['plan', 'dev', '--json', ...options]);
  expect(ended).toMatchObject({ code: 0 });
  return JSON.parse(ended.out) as Summary & { digest: string };
}

const planIn = (directory: string) => JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8')) as Plan;

describe('the lake of dev', () => {
  let place: Place;
  beforeAll(async () => {
    place = await newLake('710000000001');
  });
  const out = () => join(folder, 'lake-plan');

  test('in an empty account is all new; what is stored is verified, and shown again', async () => {
    const { digest, changes, counts, stacks } = await planned(place, '--upload', '--out', out());
    expect({ changes, counts, stacks }).toMatchObject({
      changes: true,
      counts: { modify: 0, remove: 0, replace: 0 },
      stacks: [{ name: 'dataworks-dev-lake', isNew: true, changes: planIn(out()).stacks[0].changes }],
    });
    const { out: told } = await dataworks(place, ['plan', 'dev', '--upload']);
    expect(told).toMatch(
      new RegExp(`Digest ${digest}\\n\\nNothing is changed yet[^]*dataworks approve dev ${digest}\\n  dataworks apply dev ${digest}$`),
    );
    expect((await dataworks(place, ['plan', 'dev'])).out).toMatch(/not stored where it could be approved.*--upload/);
    const byFolder = await dataworks(place, ['show', 'dev', out()]);
    const byDigest = await dataworks(place, ['show', 'dev', digest]);
    expect(byFolder.out).toMatch(new RegExp(`Digest ${digest}$`));
    expect(byDigest).toEqual(byFolder);
    expect(JSON.parse((await dataworks(place, ['show', 'dev', digest, '--json'])).out)).toEqual(planIn(out()));
  });

  test('planned twice has the same digest, is stored once, and counts as planned again', async () => {
    const report = join(place.folder, 'reports/plan.html'); // in the working tree, of which it is no change
    const first = await planned(place, '--upload', '--report', report);
    const page = readFileSync(report, 'utf8');
    const second = await planned(place, '--upload', '--out', join(folder, 'again'), '--report', report);
    expect(second.digest).toBe(first.digest);
    expect(readFileSync(join(folder, 'again/plan.json'))).toEqual(readFileSync(join(out(), 'plan.json')));
    const keys = await keysBelow(place, `plans/${first.digest}/`);
    expect(keys.filter((key) => !key.startsWith('planned/')).sort()).toEqual(['bundle.tgz', 'report.html', 'report.md', 'summary.json']);
    expect(keys.filter((key) => key.startsWith('planned/')).length).toBeGreaterThanOrEqual(2);
    expect([readFileSync(report, 'utf8'), await textAt(place, `plans/${first.digest}/report.html`)]).toEqual([page, page]);
    rmSync(join(place.folder, 'reports'), { recursive: true });
  });

  test.each([
    ['in the folder of the bundle, which would be changed by it', 'plan/report.html'],
    ['in the place of a folder', '.'],
  ])('a report %s is refused', async (_where, report) => {
    const options = ['--out', join(place.folder, 'plan'), '--report', join(place.folder, report)];
    expect(await dataworks(place, ['plan', 'dev', ...options])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^(?:Compared .*\n)?DW3236: /),
    });
    rmSync(join(place.folder, 'plan'), { recursive: true, force: true });
  });

  test('something else in the place of a plan is refused', async () => {
    writeFileSync(join(place.folder, 'note'), ''); // another plan: the working tree is dirty
    const { digest } = await planned(place);
    const { stateBucket, plansPrefix } = targetOf('dev', join(place.folder, 'dataworks.json')).names;
    await client(place).send(new PutObjectCommand({ Bucket: stateBucket, Key: `${plansPrefix}${digest}/bundle.tgz`, Body: 'something' }));
    expect(await dataworks(place, ['plan', 'dev', '--upload'])).toMatchObject({ code: 4, err: expect.stringContaining('DW3233') });
    expect(await dataworks(place, ['show', 'dev', digest])).toMatchObject({ code: 4, err: expect.stringMatching(/^DW3201/) });
    rmSync(join(place.folder, 'note'));
  });

  test('deployed as planned, has no changes', async () => {
    deploy(place);
    expect(await planned(place)).toMatchObject({ changes: false, risks: [], stacks: [{ isNew: false, otherChanges: [] }] });
    const ended = await dataworks(place, ['plan', 'dev', '--detailed-exitcode']);
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('No changes: what is deployed is as the application says.') });
  });

  test('with another zone, changes in this zone alone', async () => {
    writeConfiguration(place.folder, zoneChanged(place));
    const changed = await dataworks(place, ['plan', 'dev', '--detailed-exitcode', '--out', out()]);
    expect(changed.code).toBe(2);
    expect(planIn(out()).stacks[0].changes).toEqual([
      expect.objectContaining({
        type: 'AWS::S3::Bucket',
        construct: 'dev/lake/Lake/raw',
        action: 'modify',
        replacement: 'never',
        stateful: true,
        properties: [expect.stringMatching(/^\/Properties\/LifecycleConfiguration\/.*NoncurrentDays$/)],
      }),
    ]);
  });
});

function zoneChanged({ account }: Place): object {
  return configuration([account], {
    environments: [
      {
        name: 'dev',
        account,
        region: REGION,
        administrators: [`arn:aws:iam::${account}:role/platform-admin`],
        zones: { raw: { noncurrentDays: 7 } },
      },
    ],
  });
}

const client = ({ account }: Place) =>
  new S3Client({ endpoint: own.url, region: REGION, forcePathStyle: true, credentials: { accessKeyId: account, secretAccessKey: 'test' } });

async function textAt(place: Place, path: string): Promise<string> {
  const { stateBucket, stateKey } = targetOf('dev', join(place.folder, 'dataworks.json')).names;
  const { Body } = await client(place).send(new GetObjectCommand({ Bucket: stateBucket, Key: `${stateKey}/${path}` }));
  return Body!.transformToString();
}

async function keysBelow(place: Place, path: string): Promise<string[]> {
  const { stateBucket, stateKey } = targetOf('dev', join(place.folder, 'dataworks.json')).names;
  const Prefix = `${stateKey}/${path}`;
  const { Contents = [] } = await client(place).send(new ListObjectsV2Command({ Bucket: stateBucket, Prefix }));
  return Contents.map(({ Key }) => Key!.slice(Prefix.length));
}
