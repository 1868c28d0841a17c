import RECOMMENDED from 'aws-cdk-lib/recommended-feature-flags.json';
import { everyOption, PLACES, type Place } from './every-option';
import { FLAG_DIFFERENCES, normalForm } from './flag-differences';
import FLAGS from '../../../../projenrc/recommended-feature-flags.json';

const without = (names: readonly string[]) => Object.fromEntries(Object.entries(FLAGS).filter(([name]) => !names.includes(name)));
const listed = FLAG_DIFFERENCES.map(({ flag }) => flag);

describe.each(Object.keys(PLACES) as Place[])('%s', (place) => {
  const bare = everyOption(place, {});
  const normal = (templates: typeof bare) =>
    Object.fromEntries(Object.entries(templates).map(([stack, template]) => [stack, normalForm(template, place)]));

  test('flags that are not listed change nothing', () => {
    expect(everyOption(place, without(listed))).toEqual(bare);
  });

  test('all recommended flags together change nothing but what the listed ones may', () => {
    expect(normal(everyOption(place, FLAGS))).toEqual(normal(bare));
  });
});

describe.each(FLAG_DIFFERENCES)('$flag', ({ flag, normal }) => {
  const bare = everyOption('aws', {});
  const flagged = everyOption('aws', without(Object.keys(FLAGS).filter((name) => name !== flag)));

  test('is listed because it changes a template', () => {
    expect(flagged).not.toEqual(bare);
  });

  test('changes nothing else', () => {
    for (const stack of Object.keys(bare)) expect(normal(flagged[stack], 'aws')).toEqual(normal(bare[stack], 'aws'));
  });
});

test('no flag is missing that this aws-cdk-lib recommends', () => {
  expect(FLAGS).toMatchObject(RECOMMENDED);
});

describe('the normal form still tells policies apart', () => {
  const policy = (...statements: object[]) => ({ Resources: { P: { Type: 'P', Properties: { Statement: statements } } } });
  const allow = { Effect: 'Allow', Principal: { AWS: ['a', 'b'] }, Action: ['s3:GetObject', 's3:PutObject'], Resource: ['x', 'y'] };

  test('takes merged statements for what they merge', () => {
    const apart = allow.Action.map((action) => ({ ...allow, Action: action }));
    expect(normalForm(policy(...apart), 'aws')).toEqual(normalForm(policy(allow), 'aws'));
  });

  test.each([
    ['principal', { ...allow, Principal: { AWS: ['a'] } }],
    ['kind of principal', { ...allow, Principal: { Service: ['a', 'b'] } }],
    ['action', { ...allow, Action: ['s3:GetObject'] }],
    ['resource', { ...allow, Resource: 'x' }],
    ['exception of actions', { ...allow, Action: undefined, NotAction: ['s3:GetObject'] }],
    ['exception of resources', { ...allow, Resource: undefined, NotResource: ['x'] }],
    ['effect', { ...allow, Effect: 'Deny' }],
    ['condition', { ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
  ])('another %s', (_what, other) => {
    expect(normalForm(policy(other), 'aws')).not.toEqual(normalForm(policy(allow), 'aws'));
  });
});
