import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { addExample, allExamples } from '../../../dataworks-constructs/test/docs/examples';

const EXAMPLES = allExamples(join(__dirname, '../..'));

test('the README and the docstrings of the stacks have examples', () => {
  const files = new Set(EXAMPLES.map(({ where }) => where.split(':')[0]));
  expect([...files]).toEqual(expect.arrayContaining(['README.md', 'src/backend-stack.ts', 'src/toolkit-stack.ts', 'src/state-backend.ts']));
});

test.each(EXAMPLES)('the example at $where synthesises', (example) => {
  const app = new App();
  addExample(app, 'Example', example);
  const { stacksRecursively } = app.synth();
  expect(stacksRecursively.length).toBeGreaterThan(0);
  for (const { template } of stacksRecursively) expect(template).toHaveProperty('Resources');
});
