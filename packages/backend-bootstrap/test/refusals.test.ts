import { Aws } from 'aws-cdk-lib/core';
import { newStack } from '../../dataworks-constructs/test/support/synth';
import { BackendNames, CircleCiIdentities, DeployerRole, StateBackend, type BackendStackProps } from '../src';
import { ACCOUNT, backendStack, CIRCLECI, OTHER_ACCOUNT, REGION } from './support/backend';
import { NAMES } from './support/calls';
import { REFUSALS } from '../src/private/refusals';

/** The code, a part of the value received, and what is refused. */
type Case = readonly [code: string, received: string, props: Partial<BackendStackProps>];

const arn = (resource: string, account = ACCOUNT) => `arn:aws:iam::${account}:${resource}`;
const administrators = (code: string, name: string): Case => [code, name, { administrators: [name] }];
const place = { environment: 'dev', account: OTHER_ACCOUNT };

const CASES: readonly Case[] = [
  ...['', 's', 'Sales', '1sales', 'sales-', 'sa_les', 'p'.repeat(21)].map((project): Case => [
    'DW2001',
    JSON.stringify(project),
    { project },
  ]),
  ...['', 'd', 'Dev', '1dev', 'dev-1', 'e'.repeat(11)].map((environment): Case => ['DW2002', JSON.stringify(environment), { environment }]),
  ['DW2003', `64 characters`, { stateName: 's'.repeat(59) }],
  ['DW2003', '"State-test"', { stateName: 'State' }],
  ['DW2003', '"-x-test"', { stateName: '-x' }],
  ['DW2003', '"dataworks-terraform-state-test-x_y"', { stateNameSuffix: 'x_y' }],
  ['DW2003', '"dataworks-terraform-state-test-"', { stateNameSuffix: '' }],
  ...['', '/lake', 'lake/', 'a/b', '*', '.lake', 'k'.repeat(129)].map((stateKey): Case => [
    'DW2004',
    JSON.stringify(stateKey),
    { stateKey },
  ]),
  ...['', 'Data', 'data-works', 'q'.repeat(11)].map((qualifier): Case => ['DW2005', JSON.stringify(qualifier), { qualifier }]),
  ['DW2006', '65 characters', { qualifier: 'q'.repeat(10), env: { account: ACCOUNT, region: 'us-isof-south-1' } }],
  ['DW2007', 'account "", region ""', { env: undefined }],
  ['DW2007', `account "${ACCOUNT}", region ""`, { env: { account: ACCOUNT } }],
  ['DW2007', `account not known, region "${REGION}"`, { env: { account: Aws.ACCOUNT_ID, region: REGION } }],
  ['DW2007', `account "${ACCOUNT}", region not known`, { env: { account: ACCOUNT, region: Aws.REGION } }],
  ['DW2007', 'account "1234"', { env: { account: '1234', region: REGION } }],
  ...['', 'a;b', 'o'.repeat(257)].map((owner): Case => ['DW2008', JSON.stringify(owner), { owner }]),

  ['DW2011', 'organizationId "acme"', { circleCi: { ...CIRCLECI, organizationId: 'acme' } }],
  ['DW2011', 'organizationId "ABCDEFAB', { circleCi: { ...CIRCLECI, organizationId: 'ABCDEFAB-2222-3333-4444-555555555555' } }],
  ['DW2011', 'projectId "*"', { circleCi: { ...CIRCLECI, projectId: '*' } }],
  ...[
    'acme/lake',
    'https://github.com/acme/lake',
    'github.com/acme',
    'github.com/acme/lake/x',
    'github.com/*/lake',
    'github.com/acme/l?ke',
  ].map((repository): Case => ['DW2012', JSON.stringify(repository), { circleCi: { ...CIRCLECI, repository } }]),
  ...[
    'admin',
    '*',
    arn('root'),
    arn('role/'),
    arn('role/*/admin'),
    arn('role/ad?in'),
    arn('group/admins'),
    arn('role/admin', OTHER_ACCOUNT),
  ].map((name) => administrators('DW2013', name)),
  administrators('DW2013', `arn:aws:sts::${ACCOUNT}:assumed-role/admin/session`),
  ...['role/*', 'role/sales-*', 'role/sales-test-apply', 'role/sales-test-plan', 'role/cdk-dataworks-*'].map((resource) =>
    administrators('DW2014', arn(resource)),
  ),
  administrators('DW2016', arn('role/sales-test-breakglass')),
  administrators('DW2016', arn('role/sales-test-admin-*')),
  [
    'DW2017',
    '20 of 1337 characters',
    {
      administrators: Array.from({ length: 20 }, (_, index) =>
        arn(`role/platform/administrator-of-team-${String(index).padStart(2, '0')}`),
      ),
    },
  ],
  ['DW2015', 'neither circleCi nor administrators', { circleCi: undefined, administrators: [] }],

  ['DW2021', 'after: {"environment":"Dev"', { after: { ...place, environment: 'Dev' } }],
  ['DW2021', 'recordReaders: {"environment":"dev","account":"1"', { recordReaders: [{ ...place, account: '1' }] }],
  ['DW2021', '"encryptionKeyArn":"alias/state"', { after: { ...place, encryptionKeyArn: 'alias/state' } }],
  ['DW2022', 'after: {"environment":"test"', { after: { ...place, environment: 'test' } }],
  ['DW2022', 'recordReaders: {"environment":"test"', { recordReaders: [{ ...place, environment: 'test' }] }],
];

function refused(build: () => unknown): Error {
  try {
    build();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was not refused.');
}

test.each(CASES)('%s: %s', (code, received, props) => {
  const { name, message } = refused(() => backendStack(props));
  expect(name).toBe('InvalidPropsError');
  expect(message.split('\n').filter((line) => line.startsWith(`${code} at Backend: `) && line.includes(received))).not.toEqual([]);
});

test('every code is provoked above, and none is used twice', () => {
  const codes = Object.values(REFUSALS).map(({ code }) => code);
  expect([...new Set(CASES.map(([code]) => code))].sort()).toEqual([...codes].sort());
  expect(new Set(codes).size).toBe(codes.length);
});

test('all problems of a backend are reported at once', () => {
  const { message } = refused(() =>
    backendStack({
      project: '',
      environment: '',
      stateName: '',
      stateKey: '',
      qualifier: '',
      owner: '',
      env: {},
      circleCi: { organizationId: '', projectId: '', repository: '' },
      administrators: [''],
      after: { environment: '', account: '' },
      recordReaders: [{ environment: '', account: '' }],
    }),
  );
  expect(message.match(/^DW\d+/gm)).toEqual([
    ...['DW2001', 'DW2002', 'DW2003', 'DW2004', 'DW2005', 'DW2007', 'DW2008'],
    ...['DW2011', 'DW2011', 'DW2012', 'DW2013', 'DW2021', 'DW2022', 'DW2021', 'DW2022'],
  ]);
});

test('an error says code, path, value, what is allowed and the fix', () => {
  const { what, allowed, fix } = REFUSALS.stateKeyForm;
  expect(refused(() => backendStack({ stateKey: 'a/b' })).message).toBe(
    `DW2004 at Backend: ${what} Received: "a/b". Allowed: ${allowed}. Fix: ${fix}.`,
  );
});

test('each construct refuses by itself', () => {
  const stack = newStack();
  const backend = new StateBackend(stack, 'State', { names: NAMES });
  const badNames = new BackendNames({ project: 'Sales', environment: 'dev', account: ACCOUNT, region: REGION });
  expect(() => new StateBackend(stack, 'Other', { names: badNames })).toThrow(/^DW2001 at Stack\/Other/);
  expect(() => new CircleCiIdentities(stack, 'CircleCi', { backend, circleCi: { ...CIRCLECI, projectId: '' } })).toThrow(/^DW2011/);
  expect(() => new DeployerRole(stack, 'Nobody', { backend })).toThrow(/^DW2015/);
  expect(() => new DeployerRole(stack, 'Deployer', { backend, administrators: ['x'], after: { ...place, environment: 'test' } })).toThrow(
    /^DW2013[\s\S]*^DW2022/m,
  );
  for (const id of ['Other', 'CircleCi', 'Nobody', 'Deployer']) expect(stack.node.tryFindChild(id)!.node.children).toEqual([]);
});
