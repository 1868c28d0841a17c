import { Ajv } from 'ajv';
import schema from '../../../schema/plan.schema.json';
import type { Plan, PropertyValue, ResourceChange } from '../../../src/plan/plan';
import { terminalReport } from '../../../src/plan/report/report';
import { htmlReport } from '../../../src/plan/report/report-html';
import { change, DIGEST, planWith, plannedStack } from '../../support/planned';
import { assemblyWith, deployedWith, draftOf } from '../../support/plans';

type Template = Readonly<Record<string, unknown>>;

async function planOf(before: Template, after: Template, values: Readonly<Record<string, string>> = {}, parameters = {}): Promise<Plan> {
  const lookup = deployedWith({ lake: { template: before, ...parameters } }, values);
  const { plan } = await draftOf(assemblyWith({ lake: { template: after } }), lookup);
  return { ...plan, digest: DIGEST };
}

async function changesOf(...given: Parameters<typeof planOf>): Promise<readonly ResourceChange[]> {
  return (await planOf(...given)).stacks[0].changes;
}

const topic = (properties: object, more: object = {}) => ({ T: { Type: 'AWS::SNS::Topic', Properties: properties, ...more } });

async function valuesOf(from: unknown, to: unknown): Promise<PropertyValue[]> {
  const template = (DisplayName: unknown) => ({ Parameters: { P: { Type: 'String' } }, Resources: topic({ DisplayName }) });
  const [{ values = [] }] = await changesOf(template(from), template(to), {}, { parameters: { P: 'p' } });
  return [...values];
}

test('what changes has both values, what comes only the new one, what goes only the old one; sorted by path', async () => {
  const before = { Resources: topic({ DisplayName: 'old', KmsMasterKeyId: 'key' }, { DeletionPolicy: 'Retain' }) };
  const after = { Resources: topic({ DisplayName: 'new', TracingConfig: 'Active' }) };
  const [{ properties, values }] = await changesOf(before, after);
  expect(values).toEqual([
    { path: '/DeletionPolicy', from: 'Retain' },
    { path: '/Properties/DisplayName', from: 'old', to: 'new' },
    { path: '/Properties/KmsMasterKeyId', from: 'key' },
    { path: '/Properties/TracingConfig', to: 'Active' },
  ]);
  expect(values?.map(({ path }) => path)).toEqual(properties);
});

test('a resource that comes or goes has all of its properties and attributes, without type and metadata', async () => {
  const resource = { DisplayName: 'name', Tags: [{ Key: 'a', Value: 'b' }] };
  const full = { Resources: topic(resource, { DependsOn: 'Other', Metadata: { 'aws:cdk:path': 'x' } }) };
  const values = (side: string) => [
    { path: '/DependsOn', [side]: 'Other' },
    { path: '/Properties/DisplayName', [side]: 'name' },
    { path: '/Properties/Tags', [side]: '[{"Key":"a","Value":"b"}]' },
  ];
  expect(await changesOf({ Resources: {} }, full)).toMatchObject([{ action: 'add', values: values('to') }]);
  expect(await changesOf(full, { Resources: {} })).toMatchObject([{ action: 'remove', values: values('from') }]);
});

test.each<[string, unknown, string]>([
  ['a reference', { Ref: 'Other' }, '${Other}'],
  ['an attribute', { 'Fn::GetAtt': ['Other', 'Arn'] }, '${Other.Arn}'],
  ['an attribute in one text', { 'Fn::GetAtt': 'Other.Arn' }, '${Other.Arn}'],
  ['a text with gaps', { 'Fn::Sub': '${Other.Arn}/*${!literally}' }, '${Other.Arn}/*${!literally}'],
  ['gaps with values of their own', { 'Fn::Sub': ['${A}/${B}', { A: { Ref: 'Other' } }] }, '${Other}/${B}'],
  ['parts', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::x']] }, 'arn:${AWS::Partition}:s3:::x'],
  ['any other function', { 'Fn::Select': [0, { 'Fn::Split': [',', { Ref: 'P' }] }] }, '${Select(0, ${Split(,, ${P})})}'],
  ['an import', { 'Fn::ImportValue': 'dev:Arn' }, '${ImportValue(dev:Arn)}'],
  ['a text that only looks like a reference', '${Other.Arn}', '${!Other.Arn}'],
  ['a secret that CloudFormation looks up', '{{resolve:secretsmanager:db}}', '{{resolve:secretsmanager:db}}'],
  ['a number', 7, '7'],
  ['an object', { a: [{ Ref: 'Other' }, null], b: true }, '{"a":["${Other}",null],"b":true}'],
])('%s', async (_, json, text) => {
  expect(await valuesOf('before', json)).toContainEqual({ path: '/Properties/DisplayName', from: 'before', to: text });
});

test('of a parameter with NoEcho there is the reference only', async () => {
  const template = (DisplayName: unknown) => ({
    Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 'hidden' } },
    Resources: topic({ DisplayName }),
  });
  const plan = await planOf(template('open'), template({ Ref: 'Secret' }), {}, { parameters: { Secret: '****' } });
  expect(plan.stacks[0].changes[0].values).toEqual([{ path: '/Properties/DisplayName', from: 'open', to: '${Secret}' }]);
  expect(terminalReport(plan) + htmlReport(plan)).not.toContain('hidden');
});

test('keys with slashes are one key', async () => {
  const policy = (value: string) => ({
    Resources: topic({ Condition: { StringEquals: { 'aws:ResourceTag/a/b': value, 'aws:ResourceTag': 'x' } } }),
  });
  const [{ values }] = await changesOf(policy('old'), policy('new'));
  expect(values).toEqual([{ path: '/Properties/Condition/StringEquals/aws:ResourceTag/a/b', from: 'old', to: 'new' }]);
});

test('a condition is worked out; a value that only what it refers to changes is the same text, and said to be', async () => {
  const template = (stage: string) => ({
    Parameters: { Stage: { Type: 'String', Default: stage } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Resources: topic({ DisplayName: { Ref: 'Stage' }, TracingConfig: { 'Fn::If': ['Prod', 'Active', 'PassThrough'] } }),
  });
  const ssm = {
    Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/p' } },
    Resources: topic({ DisplayName: { Ref: 'P' } }),
  };
  const [{ values }] = await changesOf(template('test'), template('prod'), {}, { parameters: {} });
  expect(values).toContainEqual({ path: '/Properties/TracingConfig', from: 'PassThrough', to: 'Active' });
  const plan = await planOf(ssm, ssm, { '/p': 'two' }, { parameters: { P: '/p' }, resolved: { P: 'one' } });
  expect(plan.stacks[0].changes[0].values).toEqual([{ path: '/Properties/DisplayName', from: '${P}', to: '${P}' }]);
  expect(terminalReport(plan)).toContain('    ~ /Properties/DisplayName: ${P}, whose value may change\n');
  expect(htmlReport(plan)).toContain(': <code>${P}</code>, whose value may change');
});

test('what another stack makes first leaves no mark in a value', async () => {
  const template = (name: string) => ({
    Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/p', Type: 'String', Value: name } } },
  });
  const reader = { Resources: topic({ DisplayName: '{{resolve:ssm:/p}}' }) };
  const lookup = deployedWith({ maker: { template: template('one') }, reader: { template: reader } });
  const { plan } = await draftOf(assemblyWith({ maker: { template: template('two') }, reader: { template: reader } }), lookup);
  const read = plan.stacks.find(({ name }) => name === 'reader')!;
  expect(read.changes[0].values).toEqual([{ path: '/Properties/DisplayName', from: '{{resolve:ssm:/p}}', to: '{{resolve:ssm:/p}}' }]);
});

test('the plan has the form that is published, and the same values when it is made again', async () => {
  const before = { Resources: topic({ DisplayName: 'old' }) };
  const after = { Resources: { ...topic({ DisplayName: 'new' }), U: topic({ A: 1 }).T } };
  const plan = await planOf(before, after);
  const validate = new Ajv({ strict: true }).compile(schema);
  expect(validate(JSON.parse(JSON.stringify(plan)))).toBe(true);
  expect(await planOf(before, after)).toEqual(plan);
});

const reportsOf = (values: readonly PropertyValue[], more: Partial<ResourceChange> = {}) => {
  const changed = change('T', 'AWS::SNS::Topic', { properties: values.map(({ path }) => path), values, ...more });
  const plan = planWith([plannedStack({ changes: [changed] })]);
  return { lines: terminalReport(plan).split('\n'), page: htmlReport(plan) };
};

test('a terminal shows six values in a line each, and none of what comes as a whole', () => {
  const values = Array.from({ length: 8 }, (_none, at) => ({ path: `/Properties/P${at}`, from: `${at}`, to: `${at + 1}` }));
  const { lines } = reportsOf([{ path: '/Properties/A', to: '1' }, { path: '/Properties/B', from: '' }, ...values]);
  expect(lines).toContain('      + /Properties/A: 1');
  expect(lines).toContain('      - /Properties/B: ""');
  expect(lines).toContain('      ~ /Properties/P3: 3 -> 4');
  expect(lines).toContain('      and 4 more');
  expect(lines.join('\n')).not.toContain('/Properties/P4');
  const added = reportsOf(values, { action: 'add' });
  expect(added.lines.join('\n')).not.toContain('/Properties');
  expect(added.page).toContain('<summary>8 properties and attributes</summary>');
});

test('of a long value a terminal shows where it begins to differ, and how long it is', () => {
  const text = (end: string) => `${'a'.repeat(500)}${end}${'b'.repeat(500)}`;
  const { lines, page } = reportsOf([{ path: '/Properties/P', from: text('OLD'), to: text('NEWER') }]);
  const cut = (end: string, length: number) => `…${'a'.repeat(20)}${end}${'b'.repeat(80 - end.length)}… (${length} characters)`;
  expect(lines).toContain(`      ~ /Properties/P: ${cut('OLD', 1003)} -> ${cut('NEWER', 1005)}`);
  expect(page).toContain(text('NEWER'));
});

test('the page shows JSON by line, with what goes and what comes', () => {
  const policy = (...actions: string[]) => JSON.stringify({ Effect: 'Allow', Action: actions });
  const { page } = reportsOf([
    { path: '/Properties/Policy', from: policy('s3:Get*', 's3:List*'), to: policy('s3:Get*', 's3:*', 's3:List*') },
  ]);
  expect(page).toContain(
    [
      '<pre>  {',
      '    &quot;Effect&quot;: &quot;Allow&quot;,',
      '    &quot;Action&quot;: [',
      '      &quot;s3:Get*&quot;,',
      '<ins>+     &quot;s3:*&quot;,</ins>',
      '      &quot;s3:List*&quot;',
      '    ]',
      '  }</pre>',
    ].join('\n'),
  );
});

test('JSON that would lose something by being written anew is shown as it is', () => {
  const { page } = reportsOf([{ path: '/Properties/Policy', from: '{"a":1}', to: '{"a":2,"a":1}' }]);
  expect(page).toContain('<del>{&quot;a&quot;:1}</del>\n→\n<ins>{&quot;a&quot;:2,&quot;a&quot;:1}</ins>');
  const spaced = reportsOf([{ path: '/Properties/Policy', from: '{"a":1}', to: '{\n  "a": 1\n}' }]);
  expect(spaced.page).toContain('<del>- {&quot;a&quot;:1}</del>');
});

test('characters that nobody sees are written out, and different ones differ', () => {
  const { lines, page } = reportsOf([{ path: '/Properties/P', from: 'a\u{202e}b\u{1b}[2K\u{a0}', to: 'a\u{200b}b\n' }]);
  const words = ['a\\u{202e}b\\u{1b}[2K\\u{a0}', 'a\\u{200b}b\\n'];
  expect(lines).toContain(`      ~ /Properties/P: "${words[0]}" -> "${words[1]}"`);
  expect(page).toContain(`<del>- ${words[0]}</del>\n<ins>+ a\\u{200b}b\n+ </ins>`);
});

test('a plan of an earlier version shows the paths', () => {
  const changed = change('T', 'AWS::SNS::Topic', { properties: ['/Properties/P'] });
  const plan = planWith([plannedStack({ changes: [changed] })]);
  expect(terminalReport(plan)).toContain('\n      ~ /Properties/P\n');
  expect(htmlReport(plan)).toContain('<li><code>/Properties/P</code></li>');
});
