import type { Plan } from '../../../src/plan/plan';
import { terminalReport } from '../../../src/plan/report/report';
import { assemblyWith, BUCKET, deployedWith, draftOf, TARGET, type StackSource } from '../../support/plans';

const TEMPLATE = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
const FILES = { 'code/index.js': 'code', 'code/Dockerfile': 'FROM scratch', 'other/index.js': 'other', Dockerfile: 'FROM other' };
const REPOSITORY = `cdk-dataworks-container-assets-${TARGET.account}-${TARGET.region}`;
const role = (name: string, account = TARGET.account) => `arn:aws:iam::${account}:role/${name}`;
const bucketPlace = { bucketName: BUCKET, objectKey: 'key' };
const imagePlace = { repositoryName: REPOSITORY, imageTag: 'tag' };

const file = (source: object, place: object = bucketPlace) => ({
  files: { code: { source: { path: 'code', packaging: 'zip', ...source }, destinations: { here: place } } },
});
const image = (source: object, place: object = imagePlace) => ({
  images: { code: { source: { directory: 'code', ...source }, destinations: { here: place } } },
});

async function planOf(stack: Partial<StackSource>, more: Readonly<Record<string, StackSource>> = {}): Promise<Plan> {
  const assembly = assemblyWith({ lake: { template: TEMPLATE, ...stack }, ...more }, FILES);
  return { ...(await draftOf(assembly, deployedWith({}))).plan, digest: 'd'.repeat(64) };
}

test('what the CDK makes of files and images of a folder is planned, and is no risk', async () => {
  const source = { dockerFile: 'Dockerfile', dockerBuildArgs: { A: 'b' }, dockerBuildTarget: 'final', platform: 'linux/arm64' };
  const publisher = (type: string) => ({ assumeRoleArn: role(`cdk-dataworks-${type}-publishing-role-${TARGET.account}-${TARGET.region}`) });
  const plan = await planOf({
    ...file({}, { ...bucketPlace, ...publisher('file') }),
    ...image({ ...source, cacheDisabled: true }, { ...imagePlace, ...publisher('image') }),
  });
  expect(plan.stacks[0].assets.map(({ type }) => type).sort()).toEqual(['image', 'template', 'zip']);
  expect(plan.risks).toEqual([]);
});

test.each<[string, Partial<StackSource>, string]>([
  ['a command in the place of a file', file({ path: undefined, executable: ['make'] }), 'executable'],
  ['a command beside a file', file({ executable: ['sh', '-c', 'true'] }), 'executable'],
  ['a command beside the folder of an image', image({ executable: ['sh', '-c', 'true'] }), 'executable'],
  ['secrets of the machine', image({ dockerBuildSecrets: { key: 'src=/root/.ssh/id_rsa' } }), 'dockerBuildSecrets'],
  ['an agent of the machine', image({ dockerBuildSsh: 'default' }), 'dockerBuildSsh'],
  ['folders of the machine', image({ dockerBuildContexts: { home: '/root' } }), 'dockerBuildContexts'],
  ['files that the build writes', image({ dockerOutputs: ['type=local,dest=/root'] }), 'dockerOutputs'],
  ['a network of the machine', image({ networkMode: 'host' }), 'networkMode'],
  ['a cache to read from', image({ cacheFrom: [{ type: 'local', params: { src: '/root' } }] }), 'cacheFrom'],
  ['a cache to write to', image({ cacheTo: { type: 'local', params: { dest: '/root' } } }), 'cacheTo'],
  ['an option that is not known', image({ later: true }), 'later'],
  ['a Dockerfile beside its folder', image({ dockerFile: '../Dockerfile' }), '../Dockerfile'],
  ['a Dockerfile from standard input', image({ dockerFile: '-' }), 'dockerFile -'],
  ['nothing that it is made of', image({ directory: undefined }), 'made of nothing'],
  [
    'options of a role',
    file({}, { ...bucketPlace, assumeRoleAdditionalOptions: { RoleArn: role('admin') } }),
    'assumeRoleAdditionalOptions',
  ],
  ['an external id', image({}, { ...imagePlace, assumeRoleExternalId: 'id' }), 'assumeRoleExternalId'],
  ['a role of another account', file({}, { ...bucketPlace, assumeRoleArn: role('x', '999999999999') }), role('x', '999999999999')],
  ['an id that leads elsewhere', { files: { '../code': file({}).files.code } }, 'asset ../code'],
  ['a file where assets are packed', file({ path: '.cache/code.zip', packaging: 'file' }), 'assembly/.cache/code.zip'],
  ['a folder that holds what is packed', file({ path: '.' }), 'assembly/.cache/code.zip'],
])('refused: an asset with %s', async (_what, stack, words) => {
  const files = { ...FILES, '.cache/code.zip': 'other' };
  const drafted = draftOf(assemblyWith({ lake: { template: TEMPLATE, ...stack } }, files), deployedWith({}));
  await expect(drafted).rejects.toMatchObject({ code: 'DW3226', received: expect.stringContaining(words) });
});

test.each<[string, Partial<StackSource>, Partial<StackSource>]>([
  ['files', file({}), file({ path: 'other' })],
  ['images', image({}), { images: { CODE: image({ dockerBuildArgs: { A: 'b' } }).images.code } }],
])(
  'refused: %s of two stacks under one id that are not the same, for the second would be published as the first',
  async (_what, one, other) => {
    await expect(planOf(one, { second: { template: TEMPLATE, ...other } })).rejects.toMatchObject({ code: 'DW3222' });
    await expect(planOf(one, { second: { template: TEMPLATE, ...one } })).resolves.toMatchObject({ risks: [] });
  },
);

describe('a place that is not the one of the bootstrap', () => {
  test.each<[string, Partial<StackSource>, string]>([
    [
      'bucket',
      file({}, { bucketName: 'state', objectKey: 'approvals/1.json' }),
      'is written to s3://state/approvals/1.json by whoever applies',
    ],
    ['role', file({}, { ...bucketPlace, assumeRoleArn: role('admin') }), `is written to s3://${BUCKET}/key by ${role('admin')}`],
    [
      'bucket of another account',
      file({}, { ...bucketPlace, bucketName: `cdk-evil-assets-999999999999-${TARGET.region}` }),
      `is written to s3://cdk-evil-assets-999999999999-${TARGET.region}/key by whoever applies`,
    ],
    [
      'role of another region',
      file({}, { ...bucketPlace, assumeRoleArn: role(`cdk-x-file-publishing-role-${TARGET.account}-us-east-1`) }),
      `is written to s3://${BUCKET}/key by ${role(`cdk-x-file-publishing-role-${TARGET.account}-us-east-1`)}`,
    ],
    [
      'repository of another region',
      image({}, { ...imagePlace, repositoryName: `cdk-x-container-assets-${TARGET.account}-us-east-1` }),
      `is written to cdk-x-container-assets-${TARGET.account}-us-east-1:tag by whoever applies`,
    ],
    ['repository', image({}, { ...imagePlace, repositoryName: 'base' }), 'is written to base:tag by whoever applies'],
  ])('is shown: %s', async (_what, stack, reason) => {
    const plan = await planOf(stack);
    expect(plan.risks).toEqual([{ kind: 'publishing', stack: 'lake', nested: [], reason }]);
    expect(terminalReport(plan)).toContain(`PUBLISHING    lake: ${reason}`);
  });

  test('is not, when nothing is published', async () => {
    const stack = file({}, { bucketName: 'state', objectKey: 'x' });
    const assembly = assemblyWith({ lake: { template: TEMPLATE, ...stack } }, FILES);
    expect((await draftOf(assembly, deployedWith({ lake: { template: TEMPLATE } }))).plan.risks).toEqual([]);
  });
});
