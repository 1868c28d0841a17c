import { App, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { dataWorksLake } from '../../../../bench/programs/data-works-lake';
import { HandWrittenLake } from '../../../../bench/programs/hand-written-lake';

type Sections = Readonly<Record<'Resources' | 'Outputs', Readonly<Record<string, unknown>>>>;

/** The template, with the place of a resource or output in it as its logical id. */
function template(add: (scope: Construct) => void): unknown {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  add(stack);
  const json = JSON.stringify(app.synth().getStackByName('Stack').template);
  const { Resources, Outputs } = JSON.parse(json) as Sections;
  const names = [...Object.keys(Resources), ...Object.keys(Outputs)];
  return JSON.parse(names.reduce((text, name, index) => text.replaceAll(`"${name}"`, `"#${index}"`), json));
}

test('what the benchmark measures the lake against has the same template, but for logical ids', () => {
  const ours = template((scope) => {
    dataWorksLake(scope, 'Lake', 'dev');
  });
  const written = template((scope) => new HandWrittenLake(scope, 'Lake', 'dev'));
  expect(ours).toEqual(written);
});
