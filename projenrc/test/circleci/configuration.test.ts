import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OURS } from './configurations';
import { temporaryDirectory } from './shell';
import { readConfiguration } from '../../circleci/configuration';

const ROOT = resolve(__dirname, '../../..');

test('reads the file of the app', () => {
  expect(readConfiguration(join(ROOT, 'packages/dataworks-app/dataworks.json'))).toEqual(OURS);
});

test('mistakes in dataworks.json end the generation with the report alone', () => {
  const file = join(temporaryDirectory(), 'dataworks.json');
  const good = readFileSync(join(ROOT, 'packages/dataworks-app/dataworks.json'), 'utf8');
  writeFileSync(file, good.replace('"111111111111"', '"11"').replace('"eu-central-1"', '"Frankfurt"'));
  const program = `require('./projenrc/circleci/configuration').readConfiguration(${JSON.stringify(file)}); console.log('went on');`;
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/tsx'), ['-e', program], { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toEqual([
    `${file}: 2 problems`,
    expect.stringContaining('DW4007 $.environments[0].account'),
    expect.stringContaining('DW4007 $.environments[0].region'),
  ]);
});
