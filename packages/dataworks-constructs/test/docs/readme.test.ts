import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { DataLakeZones } from '../../src';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

test('the README shows an error as it is', () => {
  const error = /^```text\n([\s\S]*?)\n```$/m.exec(README)![1];
  const tooEarly = { transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, after: Duration.days(7) }] };
  const act = () =>
    new DataLakeZones(new Stack(new App(), 'Stack'), 'Lake', {
      project: 'sales',
      environment: 'dev',
      owner: 'sales-data',
      overrides: { raw: tooEarly },
    });
  expect(act).toThrow(new Error(error));
});
