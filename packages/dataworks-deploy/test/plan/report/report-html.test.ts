import { createHash } from 'node:crypto';
import { assert, constantFrom, property, string } from 'fast-check';
import type { Plan, PropertyValue } from '../../../src/plan/plan';
import { htmlReport } from '../../../src/plan/report/report-html';
import { change, DIGEST, planWith, plannedStack } from '../../support/planned';

const SCRIPT = `</style></code>"'><script>alert(1)</script><img src=x onerror="alert(1)">&amp;`;

/** A plan in which every word that comes from a template is `word`. */
function planOf(word: string, values?: readonly PropertyValue[]): Plan {
  const table = change(word, word, { construct: word, action: 'remove', deletes: true, stateful: true, values });
  const properties = [word, `/Properties/${word}`];
  const policy = change(word, 'AWS::S3::BucketPolicy', { nested: [word], properties, values, broadening: word });
  const stack = plannedStack({
    name: word,
    artifactId: word,
    changes: [table, policy],
    otherChanges: [
      { what: 'tags', names: [word] },
      { what: 'description', names: [] },
    ],
    waits: [{ kind: 'parameter', name: word, madeBy: word }],
  });
  return planWith([stack, plannedStack({ name: `${word} too`, artifactId: 'other' })], {
    environment: word,
    risks: [
      { kind: 'statefulLoss', stack: word, nested: [], logicalId: word, reason: word },
      { kind: 'broadening', stack: word, nested: [word], logicalId: word, reason: word },
      { kind: 'protectionOff', stack: 'other', nested: [], reason: word },
    ],
  });
}

const tagsOf = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];

/** What a browser would show, without the style. */
const textOf = (page: string): string =>
  page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name]!);

test('no word of a template becomes a part of the page', () => {
  const page = htmlReport(planOf(SCRIPT));
  expect(tagsOf(page)).toEqual(tagsOf(htmlReport(planOf('word'))));
  expect(textOf(page).split(SCRIPT)).toHaveLength(textOf(htmlReport(planOf('word'))).split('word').length);
});

test('no value becomes a part of the page', () => {
  const planWithValues = (word: string) =>
    planOf('word', [
      { path: word, from: word, to: `${word}, too` },
      { path: word, from: word, to: `${word}\n${word}` },
      { path: word, from: word },
      { path: word, from: word, to: word },
    ]);
  const page = htmlReport(planWithValues(SCRIPT));
  expect(tagsOf(page)).toEqual(tagsOf(htmlReport(planWithValues('zebra'))));
  expect(textOf(page).split(SCRIPT)).toHaveLength(textOf(htmlReport(planWithValues('zebra'))).split('zebra').length);
});

test('whatever the words are, the page has the same parts', () => {
  const parts = tagsOf(htmlReport(planOf('word')));
  assert(
    property(string({ unit: constantFrom(...Array.from('<>"\'&;/!-= ab\n\u{202e}')) }), (word) => {
      expect(tagsOf(htmlReport(planOf(word)))).toEqual(parts);
    }),
  );
});

test('characters that nobody sees, such as those that turn round what is read, are shown', () => {
  const page = htmlReport(planOf('a\u{202e}b\u{0}c\u{2028}d'));
  expect(page).toContain('a\u{fffd}b\u{fffd}c\u{fffd}d');
  expect(page).not.toMatch(/[\u{202e}\u{0}\u{2028}]/u);
});

test('the page loads and runs nothing, and its one style is known by its hash', () => {
  const page = htmlReport(planOf(SCRIPT));
  const [, style] = /<style>([^]*?)<\/style>/.exec(page)!;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="${policy}" />`);
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  expect(tagsOf(page).filter((tag) => /^<(script|link|img|iframe|object|a)\b| (on\w+|style|src|href)=/.test(tag))).toEqual([]);
  expect(style).not.toMatch(/url\(|@import/);
});

test('every element is closed by its own tag', () => {
  const open: string[] = [];
  for (const tag of tagsOf(htmlReport(planOf(SCRIPT)))) {
    const [, slash, name] = /^<(\/?)(!?\w+)/.exec(tag)!;
    if (slash) expect(open.pop()).toBe(name);
    else if (name !== '!DOCTYPE' && name !== 'meta') open.push(name);
  }
  expect(open).toEqual([]);
});

test('a reviewer reads the risks first, each kind with what could happen, then every property of each stack', () => {
  const properties = Array.from({ length: 9 }, (_none, index) => `/Properties/Rules/${index}`);
  const bucket = change('Raw', 'AWS::S3::Bucket', { replacement: 'conditional', deletes: true, stateful: true, properties });
  const lost = {
    kind: 'statefulLoss',
    stack: 'lake',
    nested: [],
    logicalId: 'Raw',
    reason: 'may be replaced: what it holds is deleted',
  } as const;
  const page = htmlReport(planWith([plannedStack({ changes: [bucket] })], { risks: [lost], dirty: true }));
  const words = [
    'Plan for dev',
    '1 to replace',
    '111122223333',
    'eu-central-1',
    'c0ffeec0ffee, with changes that are not committed',
    'applied last: serial 7',
    DIGEST,
    'To be looked at first (1)',
    'DATA LOSS (1)',
    'Data is, or may be, deleted, at once or by an expiry.',
    'lake: Raw (AWS::S3::Bucket)',
    'may be replaced: what it holds is deleted',
    'Stacks',
    'perhaps REPLACED, deleted, holds data',
    ...properties,
    `dataworks approve dev ${DIGEST}`,
  ];
  const text = textOf(page.slice(page.indexOf('<body>')));
  const found = words.map((word) => text.indexOf(word));
  expect(found).not.toContain(-1);
  expect(found).toEqual([...found].sort((one, other) => one - other));
});

test('a rollback is told as one, with what stays', () => {
  const rollback = { serial: 3, digest: DIGEST, remaining: ['late'] };
  const page = textOf(htmlReport(planWith([], { rollback })));
  expect(page).toContain(`serial 7; ROLLBACK to serial 3, plan ${DIGEST.slice(0, 12)}; of later applies, and left as they are: late`);
});

test('a stack that changes is open, one that does not is closed; without risks the page says so', () => {
  const changed = plannedStack({ name: 'changed', changes: [change('Raw', 'AWS::S3::Bucket')] });
  const page = htmlReport(planWith([changed, plannedStack({ name: 'same' })]));
  expect(page).toMatch(/<details open>\n<summary><h3>changed<\/h3>[^]*<details>\n<summary><h3>same<\/h3> eu-central-1: no changes/);
  expect(page).toContain('To be looked at first (0)');
  expect(textOf(page)).toMatch(/None of the risks that this version knows: they stand in its README, under “What is marked”/);
});
