import { parseConfiguration } from '../../../packages/dataworks-deploy/src';
import { readRootFile } from '../circleci/configurations';

test('the dataworks.json of the README is one', () => {
  const [, example] = /^```json\n([\s\S]*?)^```$/m.exec(readRootFile('README.md'))!;
  expect(parseConfiguration(example).environments.map(({ name }) => name)).toEqual(['dev', 'prod']);
});
