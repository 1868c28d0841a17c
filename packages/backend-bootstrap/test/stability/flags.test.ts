import { App } from 'aws-cdk-lib/core';
import { backendTemplates } from './templates';
import FLAGS from '../../../../projenrc/recommended-feature-flags.json';
import { normalForm } from '../../../dataworks-constructs/test/stability/flag-differences';

const normal = (app: App) =>
  Object.fromEntries(Object.entries(backendTemplates(app)).map(([stack, template]) => [stack, normalForm(template, 'aws')]));

test('the feature flags of the app change nothing but how policies are written', () => {
  expect(normal(new App({ context: FLAGS }))).toEqual(normal(new App()));
});
