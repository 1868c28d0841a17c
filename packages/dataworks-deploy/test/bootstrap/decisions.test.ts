import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backendBlock } from '../../src/bootstrap/backend-block';
import { audience, changeLine, changeReport } from '../../src/bootstrap/change-report';
import { confirm } from '../../src/bootstrap/confirm';
import { inUse } from '../../src/bootstrap/contents';
import { deploymentFault } from '../../src/bootstrap/deployment-fault';
import { refuseProduction } from '../../src/bootstrap/destroy';
import { externalIdFor, newExternalId } from '../../src/bootstrap/external-id';
import { contextsOf, handover, parameterPath } from '../../src/bootstrap/handover';
import { NewFile } from '../../src/bootstrap/new-file';
import { bucketFault, toolkitFault } from '../../src/bootstrap/preflight';
import { sized, synthesise } from '../../src/bootstrap/synthesis';
import { FAULTS } from '../../src/faults';
import { targetWith } from '../support/targets';

const target = targetWith();
const { names } = target;
const { backend, toolkit } = synthesise(target, { existingProvider: false });

describe('the templates', () => {
  test('are small enough to be sent without a bucket', () => {
    for (const { body } of [backend, toolkit]) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(51_200);
  });

  test('one byte more than CloudFormation takes is refused, with its size', () => {
    const body = (bytes: number) => ({ name: 'sales-dev-backend', body: 'x'.repeat(bytes) });
    expect(sized(body(51_200)).name).toBe('sales-dev-backend');
    expect(() => sized(body(51_201))).toThrow(/^DW2116: .* Received: 51,201 bytes for sales-dev-backend\./);
    expect(() => sized({ name: 'x', body: 'é'.repeat(25_601) })).toThrow(/^DW2116: .* 51,202 bytes/);
  });

  test('a dataworks.json that makes one too large is refused before anything is asked of AWS', () => {
    const dev = { name: 'dev', account: '111122223333', region: 'eu-central-1' };
    const readers = Array.from({ length: 60 }, (_, index) => ({
      ...dev,
      name: `env${index}`,
      account: String(222233330000 + index),
      after: 'dev',
    }));
    const environments = [dev, ...readers];
    expect(() => synthesise(targetWith({ environments }), { existingProvider: false })).toThrow(/^DW2116: /);
  });

  test('ask for no CDK bootstrap and hold no external id', () => {
    for (const { template } of [backend, toolkit]) expect(JSON.stringify(template)).not.toContain('CheckBootstrapVersion');
    expect(backend.template.Parameters!.ExternalId).toMatchObject({ NoEcho: true });
    expect(backend.template.Parameters!.ExternalId).not.toHaveProperty('Default');
  });

  test('an identity provider of somebody else is used, not made', () => {
    const types = (existingProvider: boolean) =>
      Object.values(synthesise(target, { existingProvider }).backend.template.Resources).map(({ Type }) => Type);
    expect(types(false)).toContain('AWS::IAM::OIDCProvider');
    expect(types(true)).not.toContain('AWS::IAM::OIDCProvider');
  });

  test('the deployer of the next environment may read the record, and nobody else outside of the account', () => {
    expect(backend.body).toContain('role/sales-test-deployer');
  });

  test("leave the validator's switch as it was", () => {
    const before = process.env.CDK_VALIDATION;
    try {
      delete process.env.CDK_VALIDATION;
      synthesise(target, { existingProvider: false });
      expect(process.env).not.toHaveProperty('CDK_VALIDATION');
    } finally {
      process.env.CDK_VALIDATION = before;
    }
  });
});

describe('the external id', () => {
  test.each([
    [{ needed: false, inForce: false, rotate: true }, 'none'],
    [{ needed: true, inForce: false, rotate: false }, 'new'],
    [{ needed: true, inForce: true, rotate: false }, 'previous'],
    [{ needed: true, inForce: true, rotate: true }, 'new'],
  ])('%j: %s', (situation, which) => {
    expect(externalIdFor(situation)).toBe(which);
  });

  test('is 256 bits, each time others, in the characters that the template takes', () => {
    const ids = Array.from({ length: 100 }, newExternalId);
    expect(new Set(ids).size).toBe(100);
    const { AllowedPattern, MinLength } = backend.template.Parameters!.ExternalId as unknown as {
      AllowedPattern: string;
      MinLength: number;
    };
    for (const id of ids) {
      expect(Buffer.from(id, 'base64url')).toHaveLength(32);
      expect(id).toMatch(new RegExp(`^${AllowedPattern}$`));
      expect(id.length).toBeGreaterThanOrEqual(MinLength);
    }
  });
});

describe('what is shown before the question', () => {
  test('for whom it is', () => {
    const text = audience(target, 'arn:aws:iam::111122223333:role/admin');
    for (const part of [
      'sales-data',
      'project 66666666',
      'github.com/acme/lake: every branch may plan, main may apply',
      'role/admin',
      names.stateBucket,
    ]) {
      expect(text).toContain(part);
    }
    expect(audience(targetWith({ circleci: undefined }), 'x')).toContain('none: dataworks.json names no CircleCI project');
  });

  test.each([
    ['Add', undefined, [], 'create AWS::IAM::Role sales-dev-plan'],
    ['Import', undefined, [], 'adopt AWS::IAM::Role sales-dev-plan'],
    ['Remove', undefined, [], 'remove AWS::IAM::Role sales-dev-plan'],
    ['Modify', 'False', ['Properties.Policies', 'Tags'], 'change AWS::IAM::Role sales-dev-plan: Properties.Policies, Tags'],
    ['Modify', 'True', ['RoleName'], 'change AWS::IAM::Role sales-dev-plan: REPLACED, RoleName'],
    ['Modify', 'Conditional', [], 'change AWS::IAM::Role sales-dev-plan: perhaps REPLACED'],
  ])('%s, replacement %s', (action, replacement, paths, line) => {
    const logicalId = Object.keys(backend.resourceNames).find((id) => backend.resourceNames[id] === 'sales-dev-plan')!;
    expect(changeLine({ action, logicalId, type: 'AWS::IAM::Role', replacement, paths }, backend)).toBe(line);
  });

  test('a stack that stays as it is', () => {
    expect(changeReport({ stack: backend, isNew: false, protect: false })).toBe('sales-dev-backend: no changes');
    expect(changeReport({ stack: backend, isNew: false, protect: true })).toContain('turn on termination protection');
  });
});

describe('the question', () => {
  const asked: string[] = [];
  const answering = (answer: string | undefined) => ({
    out: () => {},
    err: () => {},
    ask: (question: string) => {
      asked.push(question);
      return Promise.resolve(answer);
    },
  });

  test('only the wanted answer goes on', async () => {
    await confirm('Do it?', 'dev', { yes: false, terminal: answering(' dev ') });
    await expect(confirm('Do it?', 'dev', { yes: false, terminal: answering('yes') })).rejects.toThrow(/^DW2103: .*Allowed: "dev"/);
    await expect(confirm('Do it?', 'yes', { yes: false, terminal: answering('') })).rejects.toThrow(/^DW2103/);
    await expect(confirm('Do it?', 'yes', { yes: false, terminal: answering(undefined) })).rejects.toThrow(/^DW2102: .*"Do it\?"/);
  });

  test('with --yes nothing is asked', async () => {
    asked.length = 0;
    await confirm('Do it?', 'yes', { yes: true, terminal: answering(undefined) });
    expect(asked).toEqual([]);
  });
});

describe('the fault of a deployment', () => {
  const failed = (reason: string, type = 'AWS::IAM::Role') => ({ type, logicalId: 'One', reason });
  test.each([
    [
      'the first failure of its own',
      [failed('Resource creation cancelled'), failed('Bad thing.')],
      'DW2118',
      'AWS::IAM::Role One: Bad thing)',
    ],
    [
      'a missing permission',
      [
        failed(
          'User: arn:aws:iam::1:user/ada is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::1:role/x because no policy allows it',
        ),
      ],
      'DW2109',
      'iam:CreateRole on arn:aws:iam::1:role/x for arn:aws:iam::1:user/ada',
    ],
    ['a bucket that a stranger took meanwhile', [failed('sales-state already exists (409)', 'AWS::S3::Bucket')], 'DW2112', 'sales-state'],
    ['a role that exists', [failed('sales-dev-plan already exists')], 'DW2118', 'already exists'],
    ['no reason at all', [], 'DW2118', 'gave no reason'],
  ])('%s', (_what, failures, code, received) => {
    const fault = deploymentFault('stack x', failures, FAULTS.deploymentFailed);
    expect(fault.code).toBe(code);
    expect(fault.received).toContain(received);
  });
});

describe('what is in the way', () => {
  test.each([
    ['nobody', undefined],
    ['us', undefined],
    ['us, elsewhere', 'DW2113'],
    ['a stranger', 'DW2112'],
    ['denied', 'DW2109'],
  ] as const)('a bucket held by %s: %s', (holder, code) => {
    expect(bucketFault({ name: 'state', renamedBy: 'stateNameSuffix' }, holder)?.code).toBe(code);
  });

  test('the fix names the key that gives the bucket another name', () => {
    expect(bucketFault({ name: 'cdk-assets', renamedBy: 'qualifier' }, 'a stranger')!.fix).toContain('set `qualifier`');
  });

  const stock = { Parameters: { BootstrapVariant: { Default: 'AWS CDK: Default Resources' } }, Resources: {} };
  test.each([
    ['no bootstrap', {}, undefined],
    ['ours', { deployed: toolkit.template, version: '33' }, undefined],
    ['the stock one', { deployed: stock, version: '33' }, 'AWS CDK: Default Resources'],
    ['one without a variant', { deployed: { Resources: {} } }, 'unknown'],
    ['another stack of the same qualifier', { version: '25', owner: 'CDKToolkit' }, 'version 25, of stack CDKToolkit'],
  ])('%s', (_what, situation, received) => {
    const fault = toolkitFault(situation, toolkit.template, names.toolkitStack);
    if (received === undefined) expect(fault).toBeUndefined();
    else expect(fault!.message).toContain(received);
  });

  test('production is never destroyed', () => {
    refuseProduction(target);
    const environments = [{ name: 'prod', account: '111122223333', region: 'eu-central-1', production: true }];
    expect(() => {
      refuseProduction(targetWith({ environments }));
    }).toThrow(/^DW2122: .*Received: prod\./);
  });
});

test('of what a backend holds, all is in use but plans, approvals, old versions and the fencing counter', () => {
  const version = (key: string, isCurrent = true) => ({ key, version: '1', isCurrent });
  const versions = [
    version('dataworks-infra/plans/abc/bundle.tgz'),
    version('dataworks-infra/approvals/abc/1.json'),
    version('dataworks-infra/record.json', false),
  ];
  expect(inUse(names, versions, [names.fenceId])).toEqual([]);
  expect(
    inUse(
      names,
      [...versions, version('dataworks-infra/history/00000001.json'), version('other.tfstate'), version(names.lockFileKey)],
      [names.lockId, 'x-md5'],
    ),
  ).toEqual([
    `s3://${names.stateBucket}/dataworks-infra/history/00000001.json`,
    `s3://${names.stateBucket}/other.tfstate`,
    `s3://${names.stateBucket}/dataworks-infra.tflock`,
    `item ${names.lockId} of table ${names.stateTable}`,
    `item x-md5 of table ${names.stateTable}`,
  ]);
});

describe('what comes after', () => {
  test('contexts and parameters are those of the names', () => {
    expect(contextsOf(target)).toEqual({
      'sales-dev-plan': { AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/sales-dev-plan' },
      'sales-dev': {
        AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/sales-dev-apply',
        DEPLOYER_ROLE_ARN: 'arn:aws:iam::111122223333:role/sales-dev-deployer',
      },
    });
    expect(contextsOf(targetWith({ circleci: undefined }))).toEqual({});
    expect(parameterPath(target)).toBe('/sales/dev/backend/');
    expect(handover(target, 'new')).toContain('DEPLOYER_EXTERNAL_ID  the external id shown above');
    expect(handover(target, 'previous')).toContain('DEPLOYER_EXTERNAL_ID  as it is');
  });

  test('Terraform shares the key of our lock, and takes the lock as an object', () => {
    const block = backendBlock(names);
    for (const line of [
      `key                 = "${names.stateKey}"`,
      'use_lockfile        = true',
      `# dynamodb_table    = "${names.stateTable}"`,
    ]) {
      expect(block).toContain(line);
    }
  });

  test('a file is written once; another one is refused before anything is done', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dataworks-file-'));
    try {
      const path = join(folder, 'backend.tf');
      new NewFile(path, 'one').write();
      new NewFile(path, 'one').write();
      expect(() => new NewFile(path, 'two')).toThrow(/^DW2124: /);
      expect(readFileSync(path, 'utf8')).toBe('one');
      rmSync(path);
      const late = new NewFile(path, 'two');
      writeFileSync(path, 'somebody else');
      expect(() => {
        late.write();
      }).toThrow(/EEXIST/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
