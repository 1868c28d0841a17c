import type { StackReadBack } from '../../try/read-back';
import { differences, otherTable, totals, verdict, writeOnly, zoneTable } from '../../try/report';

const equal = (path: string) => ({ path, expected: 'x', actual: 'x' });

const report: StackReadBack = {
  name: 'dataworks-dev-lake',
  stack: [equal('Complete')],
  resources: [
    {
      logicalId: 'Raw',
      type: 'AWS::S3::Bucket',
      physicalId: 'raw-1',
      zone: 'raw',
      writeOnly: {},
      comparisons: [
        equal('BucketEncryption.a'),
        equal('Tags.zone'),
        { path: 'Tags.owner', expected: 'team' },
        equal('WebsiteConfiguration.x'),
      ],
    },
    { logicalId: 'RawPolicy', type: 'AWS::S3::BucketPolicy', physicalId: 'p', zone: 'raw', writeOnly: {}, comparisons: [equal('Bucket')] },
    { logicalId: 'RawName', type: 'AWS::SSM::Parameter', physicalId: '/raw', zone: 'raw', writeOnly: {}, comparisons: [equal('Value')] },
    { logicalId: 'Temp', type: 'AWS::S3::Bucket', physicalId: 'temp-1', zone: 'temp', writeOnly: {}, comparisons: [equal('Tags.zone')] },
    {
      logicalId: 'Key',
      type: 'AWS::KMS::Key',
      physicalId: 'abc',
      writeOnly: { PendingWindowInDays: 'no API' },
      comparisons: [{ path: 'Enabled', expected: 'true', actual: 'false' }],
    },
  ],
};

test('a row per zone, a column per property, the count of values in each cell', () => {
  expect(zoneTable(report)!.split('\n')).toEqual([
    'zone  encryption  policy  tags      WebsiteConfiguration  parameters',
    'raw   ✔ 1         ✔ 1     ✘ 1 of 2  ✔ 1                   ✔ 1',
    'temp  –           –       ✔ 1       –                     –',
  ]);
});

test('a stack without zones has no such table', () => {
  expect(zoneTable({ ...report, resources: report.resources.filter(({ zone }) => zone === undefined) })).toBeUndefined();
});

test('what belongs to no zone has a table of its own', () => {
  expect(otherTable(report).split('\n')).toEqual([
    'resource                    id                  values',
    'AWS::KMS::Key               abc                 ✘ 1 of 1',
    'AWS::CloudFormation::Stack  dataworks-dev-lake  ✔ 1',
  ]);
});

test('each difference is a line with both sides', () => {
  expect(differences(report)).toEqual([
    'Raw (AWS::S3::Bucket) Tags.owner: template has "team", service has none',
    'Key (AWS::KMS::Key) Enabled: template has "true", service has "false"',
  ]);
});

test('values are counted, those of the services apart from those of the stack', () => {
  expect(totals([report])).toEqual({ services: 8, stack: 1, different: 2 });
});

test('what no API answers is named with its reason', () => {
  expect(writeOnly([report])).toEqual(['AWS::KMS::Key PendingWindowInDays: no API']);
});

test.each([
  [true, [], 'Deployed.'],
  [false, [], 'No changes: the lake was deployed already.'],
  [false, ['a: x'], 'FAILED: 1 value differs (first: a: x). `npx projen local:reset` starts afresh.'],
  [true, ['a: x', 'b: y'], 'FAILED: 2 values differ (first: a: x). `npx projen local:reset` starts afresh.'],
])('the last word (deployed %s, different %j)', (changed, found, line) => {
  expect(verdict(changed, found)).toBe(line);
});
