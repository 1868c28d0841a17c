import { join } from 'node:path';
import { DataLakeZones } from '@dataworks/constructs';
import { parseConfiguration } from '@dataworks/deploy';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { AppCopy } from './app-copy';
import { run } from '../src/run';

describe('an entry', () => {
  let said: jest.SpyInstance<void, unknown[]>;
  beforeEach(() => {
    said = jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => {
    said.mockRestore();
    process.exitCode = undefined;
  });

  test('that succeeds says nothing', () => {
    run(() => {
      new App();
    });
    expect(said).not.toHaveBeenCalled();
    expect(process.exitCode).toBeUndefined();
  });

  test('ends with the report of a refused configuration', () => {
    run(() => {
      parseConfiguration('{}');
    });
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/^dataworks.json: 2 problems\n {2}DW4004 \$\.project: .*\n {2}DW4004 \$\.environments: .*$/)],
    ]);
    expect(process.exitCode).toBe(1);
  });

  test('ends with what a construct refused, and where', () => {
    run(() => {
      const stack = new Stack(new App(), 'Stack');
      const names = { project: 'sales', environment: 'dev', owner: 'team' };
      new DataLakeZones(stack, 'Lake', { ...names, removalPolicy: RemovalPolicy.DESTROY, parameterPrefix: '/sales/' });
    });
    expect(said.mock.calls).toEqual([[expect.stringMatching(/^DW1022 at Stack\/Lake: .*\nDW1023 at Stack\/Lake: .*$/)]]);
    expect(process.exitCode).toBe(1);
  });

  test("leaves the report of CDK's own validation as it is", () => {
    const app = new App();
    new Stack(app, 'Stack').node.addValidation({ validate: () => ['no resources'] });
    expect(() => {
      run(() => {
        app.synth();
      });
    }).toThrow('[Stack] no resources');
    expect(said).not.toHaveBeenCalled();
  });
});

describe('a dataworks.json with mistakes', () => {
  let app: AppCopy;
  beforeAll(() => {
    app = new AppCopy();
  });
  afterAll(() => {
    app.remove();
  });

  test.each(['main', 'strict'])('ends %s with the report alone', (entry) => {
    app.write('dataworks.json', '{"project": {"name": "sales"}, "environments": 3}');
    const { status, stdout, stderr } = app.run(entry);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${join(app.folder, 'dataworks.json')}: 2 problems`,
      expect.stringContaining('DW4004 $.project.owner'),
      expect.stringContaining('DW4006 $.environments'),
    ]);
  });

  test("ends main with what the zone's construct refuses: data of raw moves after 30 days, so it cannot be deleted after 10", () => {
    const dev = { name: 'dev', account: '111111111111', region: 'eu-central-1', zones: { raw: { retentionDays: 10 } } };
    app.write('dataworks.json', JSON.stringify({ project: { name: 'sales', owner: 'team' }, environments: [dev] }));
    const { status, stderr } = app.run('main');
    expect(status).toBe(1);
    expect(stderr.trimEnd()).toMatch(/^DW1014 at dev\/lake\/Lake\/raw: .*$/);
  });
});
