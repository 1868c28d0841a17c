/**
 * What can be malformed, each a small change of something valid: which command meets it, and how it ends. `bundle`, `assembly` and
 * `dataworks.json` are in the working directory of the command; DIGEST stands for the digest of the approved plan.
 */
import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Header } from 'tar';
import {
  added,
  all,
  approvalOf,
  bundleOf,
  bytes,
  configured,
  file,
  gone,
  HISTORY,
  item,
  json,
  link,
  LOCK_FILE,
  object,
  path,
  plan,
  RECORD,
  resealed,
  setting,
  stored,
  type Damage,
  type Json,
} from './copy';
import { jsonOf } from '../../src/lock/lock-info';

export interface Case {
  /** What is wrong. */
  readonly what: string;
  readonly command: string;
  readonly damage: Damage;
  /**
   * `none` where the command has nothing against it, `usage` for words that the command line does not know. Of several, divided by `|`, any:
   * what a drawn change makes of a text is chance.
   */
  readonly code: string;
  /** That it is found with the lock in hand: its fencing number is counted. */
  readonly isUnderLock: boolean;
}

type Row = readonly [what: string, damage: Damage, code: string];

/** What a code ends with; 1 if it is none of these. */
const EXITS: ReadonlyArray<readonly [RegExp, number]> = [
  [/^none$/, 0],
  [/^usage$/, 64],
  [/^DW(320[1-9]|3225|33|3009)/, 4],
  [/^DW(300[16])$/, 5],
  [/^DW310[14]$/, 7],
];

export const exitOf = (code: string): number => EXITS.find(([pattern]) => pattern.test(code))?.[1] ?? 1;

/** Each row with each of the commands. */
function cases(subject: string, commands: readonly string[], rows: readonly Row[], isUnderLock = false): Case[] {
  return commands.flatMap((command) =>
    rows.map(([what, damage, code]) => ({ what: `${subject}: ${what}`, command, damage, code, isUnderLock })),
  );
}

export const SEED = 20261128;

const NOTHING: Damage = () => {};
const APPLY = 'apply dev DIGEST --lock-timeout 0';
const LOCK = 'lock dev --reason test';
const OTHER_DIGEST = 'ab'.repeat(32);
const OTHER_LINEAGE = '11111111-2222-4333-8444-555555555555';
const ESCAPE = '\u001b[2J';
const DEEP = 100_000;
const deep = '['.repeat(DEEP) + ']'.repeat(DEEP);

const set = (key: string, value: unknown) => (one: Json) => {
  one[key] = value;
};
const without = (key: string) => (one: Json) => {
  Reflect.deleteProperty(one, key);
};
const first = (key: string, value: Json) => (one: Json) => {
  Object.assign((one[key] as Json[])[0], value);
};
const half = (text: string) => text.slice(0, text.length / 2);
/** One byte more, or less. */
function changed(content: Buffer, { at, by }: { readonly at: number; readonly by: number }): Buffer {
  const index = Math.floor(at * content.length);
  return Buffer.from(content.map((byte, here) => (here === index ? (byte + by) % 256 : byte)));
}
const NOT_UTF8 = Buffer.from([0x22, 0xc3, 0x28, 0x22]);

const PLAN_FILE = 'bundle/plan.json';
const MANIFEST = 'bundle/assembly/manifest.json';

const planRows: readonly Row[] = [
  ['empty', file(PLAN_FILE, () => ''), 'DW3204'],
  ['cut off', file(PLAN_FILE, half), 'DW3204'],
  ['not JSON', file(PLAN_FILE, () => 'yes, please'), 'DW3204'],
  ['text that moves a cursor', file(PLAN_FILE, () => ESCAPE), 'DW3204'],
  ['a byte order mark', file(PLAN_FILE, (text) => `\ufeff${text}`), 'DW3204'],
  ['bytes that are no UTF-8', file(PLAN_FILE, () => NOT_UTF8), 'DW3204'],
  ['null', file(PLAN_FILE, () => 'null'), 'DW3205'],
  ['a list', file(PLAN_FILE, () => '[]'), 'DW3205'],
  ['nested a hundred thousand times', file(PLAN_FILE, () => deep), 'DW3204'],
  ['a format to come', plan(set('formatVersion', 2)), 'DW3205'],
  ['its format as text', plan(set('formatVersion', '1')), 'DW3205'],
  ['no format', plan(without('formatVersion')), 'DW3205'],
  ['no stacks', plan(without('stacks')), 'DW3206'],
  ['a key more', plan(set('force', true)), 'DW3206'],
  ['a key that moves a cursor', plan(set(ESCAPE, true)), 'DW3206'],
  ['the key __proto__', file(PLAN_FILE, (text) => text.replace('{', '{"__proto__": {"dirty": false},')), 'DW3206'],
  [
    'a key twice',
    file(PLAN_FILE, (text) => text.replace('"environment": "dev"', '"environment": "prod",\n  "environment": "dev"')),
    'DW3206',
  ],
  ['another notation', file(PLAN_FILE, (text) => JSON.stringify(JSON.parse(text))), 'DW3206'],
  ['a number that is none', file(PLAN_FILE, (text) => text.replace(/"serial": \d+/, '"serial": 1e999')), 'DW3206'],
  ['a huge number', plan(set('state', { serial: 1e21, lineage: OTHER_LINEAGE })), 'DW3207'],
  ['a value nested a hundred thousand times', file(PLAN_FILE, (text) => text.replace('"tools": {', `"tools": {"a": ${deep},`)), 'DW3204'],
  ['a path that leaves the bundle', plan(first('stacks', { template: { file: 'assembly/../../x', hash: OTHER_DIGEST } })), 'DW3206'],
  ['another digest', plan(set('digest', OTHER_DIGEST)), 'DW3207'],
  ['another environment', plan(set('environment', 'prod')), 'DW3207'],
  ['another account', plan(set('account', '999999999999')), 'DW3207'],
  ['a risk that is not one', plan(set('risks', [{}])), 'DW3206'],
];

/** Of the folder of a bundle, or of what it was packed from. */
const bundleRows: readonly Row[] = [
  ['no plan.json', gone(PLAN_FILE), 'DW3200'],
  ['a folder in the place of plan.json', all(gone(PLAN_FILE), added(`${PLAN_FILE}/x`)), 'DW3200'],
  ['no manifest', gone(MANIFEST), 'DW3207'],
  ['an edited manifest', file(MANIFEST, (text) => text.replace('lake', 'LAKE')), 'DW3207'],
  ['an edited template', file('bundle/assembly/lake.template.json', (text) => text.replace('curated', 'CURATED')), 'DW3207'],
  ['no template', gone('bundle/assembly/lake.template.json'), 'DW3207'],
  [
    'a folder in the place of a template',
    all(gone('bundle/assembly/lake.template.json'), added('bundle/assembly/lake.template.json/x')),
    'DW3207',
  ],
  ['an edited asset manifest', file('bundle/assembly/lake.assets.json', (text) => text.replace('dataworks', 'elsewhere')), 'DW3207'],
  ['no asset manifest', gone('bundle/assembly/lake.assets.json'), 'DW3207'],
  ['an edited summary', file('bundle/summary.json', (text) => text.replace('"modify": 1', '"modify": 0')), 'DW3207'],
  ['a file more', added('bundle/more.json'), 'DW3207'],
  ['a file that a shell and a terminal read otherwise', added('bundle/assembly/a\\b\n'), 'DW3202'],
];

/** By somebody who knows how a digest is made. */
const resealedRows: readonly Row[] = [
  ['an unknown stack', plan(first('stacks', { name: 'ghost' })), 'DW3208'],
  ['another environment', plan(set('account', '999999999999')), 'DW3208'],
  ['no stack', plan(set('stacks', [])), 'DW3208'],
  ['a file more', added('bundle/more.json'), 'DW3208'],
  ['another summary', file('bundle/summary.json', () => '{}'), 'DW3208'],
  ['an edited template', file('bundle/assembly/lake.template.json', (text) => text.replace('curated', 'x')), 'DW3208'],
  ['a template that is no JSON', file('bundle/assembly/lake.template.json', () => '{'), 'DW3208'],
  ['a manifest that is no JSON', file(MANIFEST, () => '{'), 'DW3208'],
  ['a manifest whose path leaves it', file(MANIFEST, (text) => text.replace('lake.template.json', '../../x')), 'DW3208'],
  ['a manifest with an absolute path', file(MANIFEST, (text) => text.replace('lake.template.json', '/etc/passwd')), 'DW3208'],
];

const folderRows: readonly Row[] = [
  ['nothing there', gone('bundle'), 'DW3200'],
  [
    'a link in its place',
    all(
      (copy) => {
        renameSync(path(copy, 'bundle'), path(copy, 'moved'));
      },
      link('bundle', 'moved'),
    ),
    'DW3201',
  ],
  ['a text in its place', all(gone('bundle'), added('bundle', 'a plan')), 'DW3201'],
  ['a link out of it', link('bundle/assembly/link', '/etc/passwd'), 'DW3202'],
  ['a link to nothing', link('bundle/assembly/link', 'nowhere'), 'DW3202'],
  [
    'a name that is no UTF-8',
    (copy) => {
      writeFileSync(Buffer.concat([Buffer.from(path(copy, 'bundle/')), Buffer.from([0xff])]), '');
    },
    'DW3202',
  ],
  [
    'a plan.json of 65 MiB',
    (copy) => {
      truncateSync(path(copy, PLAN_FILE), 65 * 1024 ** 2);
    },
    'DW3203',
  ],
];

/** An archive of one entry. */
function archiveOf(name: string, type: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice', linkpath?: string): Buffer {
  const block = Buffer.alloc(512);
  new Header({ path: name, type, size: 0, mode: 0o644, ...(linkpath !== undefined && { linkpath }) }).encode(block);
  return gzipSync(Buffer.concat([block, Buffer.alloc(1024)]));
}

const archiveRows: readonly Row[] = [
  ['empty', bytes(bundleOf, () => Buffer.alloc(0)), 'DW3201'],
  ['no archive', object(bundleOf, () => 'a plan'), 'DW3201'],
  ['cut off', bytes(bundleOf, (content) => content.subarray(0, content.length / 2)), 'DW3201'],
  ['one byte changed', bytes(bundleOf, (content) => changed(content, { at: 0.5, by: 1 })), 'DW3201'],
  ['another archive', bytes(bundleOf, () => gzipSync('a plan')), 'DW3201'],
  ['an empty archive', bytes(bundleOf, () => gzipSync(Buffer.alloc(1024))), 'DW3201'],
  ['a path that leaves it', bytes(bundleOf, () => archiveOf('../plan.json', 'File')), 'DW3202'],
  ['an absolute path', bytes(bundleOf, () => archiveOf('/tmp/plan.json', 'File')), 'DW3202'],
  ['a link', bytes(bundleOf, () => archiveOf('plan.json', 'SymbolicLink', '/etc/passwd')), 'DW3202'],
  ['a hard link', bytes(bundleOf, () => archiveOf('plan.json', 'Link', '/etc/passwd')), 'DW3202'],
  ['a device', bytes(bundleOf, () => archiveOf('plan.json', 'CharacterDevice')), 'DW3202'],
  ['the one of another plan', object(bundleOf, (_text, { objects, first: digest }) => objects.get(bundleOf({ digest }))), 'DW3209'],
  ['gone', object(bundleOf, () => undefined), 'DW3231'],
  [
    'a folder of its name',
    all(
      object(bundleOf, () => undefined),
      object(
        (copy) => `${bundleOf(copy)}/x`,
        () => '',
      ),
    ),
    'DW3231',
  ],
];

const approvalRows: readonly Row[] = [
  ['empty', object(approvalOf, () => ''), 'DW3305'],
  ['not JSON', object(approvalOf, () => 'yes'), 'DW3305'],
  ['cut off', object(approvalOf, half), 'DW3305'],
  ['null', object(approvalOf, () => 'null'), 'DW3305'],
  ['a format to come', json(approvalOf, set('formatVersion', 2)), 'DW3305'],
  ['another digest', json(approvalOf, set('digest', OTHER_DIGEST)), 'DW3305'],
  ['no digest', json(approvalOf, without('digest')), 'DW3305'],
  ['no approver', json(approvalOf, without('approver')), 'DW3305'],
  ['an empty approver', json(approvalOf, set('approver', '')), 'DW3305'],
  ['a time that is none', json(approvalOf, set('at', 'yesterday')), 'DW3305'],
  ['a key more', json(approvalOf, set('count', 2)), 'DW3305'],
  [
    'a second one that is none',
    object(
      ({ digest }) => `/approvals/${digest}/note.txt`,
      () => 'looks fine',
    ),
    'DW3305',
  ],
];

const recordRows: readonly Row[] = [
  ['empty', object(RECORD, () => ''), 'DW3101'],
  ['not JSON', object(RECORD, () => 'serial: 2'), 'DW3101'],
  ['cut off', object(RECORD, half), 'DW3101'],
  ['null', object(RECORD, () => 'null'), 'DW3101'],
  ['a list', object(RECORD, () => '[]'), 'DW3101'],
  ['a format to come', json(RECORD, set('formatVersion', 2)), 'DW3102'],
  ['its format as text', json(RECORD, set('formatVersion', '1')), 'DW3101'],
  ['no serial', json(RECORD, without('serial')), 'DW3101'],
  ['a negative serial', json(RECORD, set('serial', -1)), 'DW3101'],
  ['a lineage that is none', json(RECORD, set('lineage', 'mine')), 'DW3101'],
  ['a fencing number as text', json(RECORD, set('fence', 'two')), 'DW3101'],
  [
    'a stack without a name',
    json(RECORD, (one) => {
      without('name')((one.stacks as Json[])[0]);
    }),
    'DW3101',
  ],
  ['a stack in a region that is none', json(RECORD, first('stacks', { region: 'not/a region' })), 'DW3101'],
  ['a stack with a name that is none', json(RECORD, first('stacks', { name: '--help' })), 'DW3101'],
];

const historyRows: readonly Row[] = [
  ['empty', object(HISTORY, () => ''), 'DW3101'],
  ['not JSON', object(HISTORY, () => 'x'), 'DW3101'],
  ['a format to come', json(HISTORY, set('formatVersion', 3)), 'DW3102'],
  ['a digest that is none', json(HISTORY, set('planDigest', '../../secrets')), 'DW3101'],
  ['another serial than its name', json(HISTORY, set('serial', 7)), 'DW3101'],
];

const EVENT = '/history/locks/2026-11-24T10:00:00.000Z-x.json';
const event = { formatVersion: 1, action: 'broken', by: 'ada', reason: 'no heartbeat', at: '2026-11-24T10:00:00Z' };
const holder = { id: 'x', kind: 'ours', who: 'ada', operation: 'apply', reason: '', byHand: false };

/** Told to people, they decide nothing: what has another form is left out. */
const eventRows: readonly Row[] = [
  ['not JSON', object(EVENT, () => 'x'), 'none'],
  ['without a holder', object(EVENT, () => JSON.stringify(event)), 'none'],
  ['with a holder that is a number', object(EVENT, () => JSON.stringify({ ...event, holder: { ...holder, who: 5 } })), 'none'],
  ['with text that moves a cursor', object(EVENT, () => JSON.stringify({ ...event, holder, reason: ESCAPE })), 'none'],
];

const info = (changes: object = {}) =>
  jsonOf({
    ID: '0e02b2c3-58cc-4372-a567-f47ac10b58cc',
    Operation: 'apply',
    Info: 'plan x',
    Who: 'ada',
    Version: 'dataworks 0.0.0',
    Created: '2026-11-24T10:00:00Z',
    Path: 'p',
    ...changes,
  });
const S = (text: string) => ({ S: text });
const N = (number: number) => ({ N: String(number) });
const held = { Info: S(info()), Lease: N(60), Heartbeat: N(3), Fence: N(9), Stacks: { L: [] } };
const locked = (attributes: Parameters<typeof item>[1], text?: string): Damage =>
  all(item('', attributes), ...(text === undefined ? [] : [object(LOCK_FILE, () => text)]));

/** The lock that a malformed half makes: nobody gets past it. */
const lockRows: readonly Row[] = [
  ['an item with nothing in it', locked({}), 'DW3001'],
  ['an item without Info', locked({ Lease: N(60), Heartbeat: N(3) }, info()), 'DW3001'],
  ['an item whose Info is not JSON', locked({ ...held, Info: S('held') }, info()), 'DW3001'],
  ['an item whose Info is a number', locked({ ...held, Info: N(1) }, info()), 'DW3001'],
  ['an item whose Info moves a cursor', locked({ ...held, Info: S(`{"ID":"x","Who":"\\u001b[2J"}`) }, info()), 'DW3001'],
  ['an item whose ID is a command', locked({ ...held, Info: S(info({ ID: '$(reboot)' })) }, info()), 'DW3001'],
  ['an item with a lease as text', locked({ ...held, Lease: S('long') }, info()), 'DW3001'],
  ['an item with a heartbeat as text', locked({ ...held, Heartbeat: S('thump') }, info()), 'DW3001'],
  ['an item with a fencing number as text', locked({ ...held, Fence: S('nine') }, info()), 'DW3001'],
  ['an item alone', locked(held), 'DW3001'],
  ['an item and an object of different holders', locked(held, info({ ID: 'another' })), 'DW3001'],
  ['an object alone', object(LOCK_FILE, () => info()), 'DW3001'],
  ['an empty object', object(LOCK_FILE, () => ''), 'DW3001'],
  ['an object that is not JSON', object(LOCK_FILE, () => 'held'), 'DW3001'],
  ['an object of bytes that are no UTF-8', object(LOCK_FILE, () => NOT_UTF8), 'DW3001'],
];

/** Counted up with the lock in hand. */
const counterRows: readonly Row[] = [
  ['a number as text', item('-fence', { Fence: S('nine') }), 'DW3009'],
  ['a number with a fraction', item('-fence', { Fence: { N: '9.5' } }), 'DW3009'],
  ['a negative number', item('-fence', { Fence: N(-9) }), 'DW3009'],
  ['a number beyond all', item('-fence', { Fence: { N: '1e40' } }), 'DW3009'],
  ['stacks as a list', item('-fence', { Fence: N(9), Stacks: { L: [] } }), 'DW3009'],
];

const configurationRows: readonly Row[] = [
  ['empty', configured(() => ''), 'DW4001'],
  ['cut off', configured(half), 'DW4001'],
  ['a comment', configured((text) => `// ours\n${text}`), 'DW4001'],
  ['text that moves a cursor', configured(() => ESCAPE), 'DW4001'],
  ['null', configured(() => 'null'), 'DW4006'],
  ['a list', configured(() => '[]'), 'DW4006'],
  ['nested a hundred thousand times', configured(() => deep), 'DW4001'],
  ['a key twice', configured((text) => text.replace('{', '{"stateKey":"x",')), 'DW4002'],
  ['the key __proto__', configured((text) => text.replace('{', '{"__proto__":{},')), 'DW4003'],
  ['an unknown key', setting(set('colour', 'blue')), 'DW4003'],
  ['no environments', setting(without('environments')), 'DW4004'],
  ['an account as a number', setting(first('environments', { account: 710000000001 })), 'DW4006'],
  ['a state key that leaves its place', setting(set('stateKey', '../other')), 'DW4007'],
  ['a region that is none', setting(first('environments', { region: 'here' })), 'DW4007'],
  ['a bad duration', setting(first('environments', { planMaxAge: 'soon' })), 'DW4007'],
  ['no approvals at all', setting(first('environments', { approvals: 0 })), 'DW4008'],
  ['an environment before nobody', setting(first('environments', { after: 'qa' })), 'DW4013'],
  ['another environment', setting(first('environments', { name: 'qa' })), 'DW2101'],
  ['another account', setting(first('environments', { account: '999999999999', administrators: [] })), 'DW2107'],
];

const assemblyRows: readonly Row[] = [
  ['nothing there', gone('assembly'), 'DW3222'],
  ['no manifest', gone('assembly/manifest.json'), 'DW3222'],
  ['a manifest that is no JSON', file('assembly/manifest.json', half), 'DW3222'],
  ['a manifest that is null', file('assembly/manifest.json', () => 'null'), 'DW3222'],
  [
    'a manifest of a version to come',
    file('assembly/manifest.json', (text) => text.replace(/"version": *"\d+/, '"version": "9999')),
    'DW3222',
  ],
  ['artifacts that are text', file('assembly/manifest.json', () => '{"version":"36.0.0","artifacts":"all"}'), 'DW3223'],
  [
    'a stack without properties',
    file('assembly/manifest.json', (text) => {
      const manifest = JSON.parse(text) as { artifacts: Record<string, Json> };
      without('properties')(manifest.artifacts.lake);
      return JSON.stringify(manifest);
    }),
    'DW3222',
  ],
  [
    'a path that leaves it',
    file('assembly/manifest.json', (text) => text.replace('lake.template.json', '../lake.template.json')),
    'DW3222',
  ],
  ['an absolute path', file('assembly/manifest.json', (text) => text.replace('lake.template.json', '/etc/passwd')), 'DW3222'],
  ['a template that is gone', gone('assembly/lake.template.json'), 'DW3222'],
  ['a template that is no JSON', file('assembly/lake.template.json', half), 'DW3222'],
  ['a template that is a list', file('assembly/lake.template.json', () => '[]'), 'DW3222'],
  ['a template that was edited', file('assembly/lake.template.json', (text) => text.replace('curated', 'x')), 'DW3225'],
  ['an asset manifest that is no JSON', file('assembly/lake.assets.json', half), 'DW3222'],
  ['an asset manifest whose files are text', file('assembly/lake.assets.json', () => '{"version":"36.0.0","files":"all"}'), 'DW3222'],
];

/** Words of the command line; everything else is valid. */
const WORDS: ReadonlyArray<readonly [command: string, code: string]> = [
  ['aply dev DIGEST', 'usage'],
  ['apply dev', 'usage'],
  ['apply dev DIGEST --force', 'usage'],
  ['apply dev DIGEST --lock-timeout', 'usage'],
  ['apply dev DIGEST --lock-timeout soon', 'usage'],
  ['apply dev DIGEST --lock-timeout -1', 'usage'],
  ['apply dev DIGEST --lock-timeout 100000', 'usage'],
  ['history dev --limit 0', 'usage'],
  ['rollback dev --to first', 'usage'],
  ['status staging', 'DW2101'],
  ['status __proto__', 'DW2101'],
  ['status dev --config nowhere.json', 'DW4000'],
  ['status dev --config assembly', 'DW4000'],
  ['apply dev latest', 'DW3200'],
  [`apply dev ${OTHER_DIGEST}`, 'DW3231'],
  [`apply dev ${OTHER_DIGEST.slice(1)}`, 'DW3200'],
  ['apply dev dataworks.json', 'DW3201'],
  ['approve dev latest', 'usage'],
  [`approve dev ${OTHER_DIGEST.toUpperCase()}`, 'usage'],
  [`show dev ${OTHER_DIGEST}`, 'DW3231'],
  ['plan dev --assembly nowhere', 'DW3222'],
  ['plan dev --assembly assembly --out assembly', 'DW3230'],
  ['plan dev --assembly assembly --out dataworks.json', 'DW3230'],
  ['plan dev --assembly assembly --report assembly', 'DW3236'],
  ['plan dev', 'DW3220'],
  ['rollback dev --to 2', 'DW3402'],
  ['unlock dev ../x', 'DW3005'],
  ['release-own dev', 'DW3007'],
];

/** Drawn, always the same: where in a text, as a share of it, and by how much one byte is changed. */
const place = fc.noBias(fc.nat(989)).map((thousandths) => thousandths / 1000);
const drawn = <T>(values: fc.Arbitrary<T>): T[] => fc.sample(values, { seed: SEED, numRuns: 5 });

const drawnRows = (change: (damage: (text: string) => string | Buffer) => Damage, byte: string, cut: string): Row[] => [
  ...drawn(fc.record({ at: place, by: fc.integer({ min: 1, max: 255 }) })).map((one): Row => [
    `the byte at ${one.at} is ${one.by} more`,
    change((text) => changed(Buffer.from(text), one)),
    byte,
  ]),
  ...drawn(place).map((at): Row => [`cut off at ${at}`, change((text) => text.slice(0, at * text.length)), cut]),
];

const through = (wrap: (damage: Damage) => Damage, rows: readonly Row[]) =>
  rows.map(([what, damage, code]): Row => [what, wrap(damage), code]);
const ending = (code: string, rows: readonly Row[]) => rows.map(([what, damage]): Row => [what, damage, code]);
/** A few of many: the others are found in the same way. */
const some = (rows: readonly Row[]) => rows.filter((_row, index) => index % 8 === 0);

export const CASES: readonly Case[] = [
  ...cases('plan.json', ['show dev bundle'], planRows),
  ...cases(
    'plan.json, drawn',
    ['show dev bundle'],
    drawnRows((change) => file(PLAN_FILE, change), 'DW3204|DW3205|DW3206|DW3207', 'DW3204'),
  ),
  ...cases('bundle', ['show dev bundle'], [...bundleRows, ...folderRows]),
  ...cases('bundle, its digest made anew', ['apply dev bundle'], through(resealed, resealedRows)),
  ...cases('bundle', ['apply dev bundle'], [...some(planRows), ...some(bundleRows), ...some(folderRows)]),
  ...cases('bundle', ['apply qa bundle'], [['of another environment', setting(first('environments', { name: 'qa' })), 'DW3302']]),
  ...cases('bundle in the bucket', [APPLY], through(stored, some(bundleRows))),
  ...cases('archive', [APPLY], archiveRows),
  ...cases('archive', ['approve dev DIGEST'], some(archiveRows)),
  ...cases(
    'archive of the serial',
    ['rollback dev --to 1'],
    [
      [
        'cut off',
        bytes(
          ({ first: digest }) => bundleOf({ digest }),
          (content) => content.subarray(0, 99),
        ),
        'DW3201',
      ],
      [
        'gone',
        object(
          ({ first: digest }) => bundleOf({ digest }),
          () => undefined,
        ),
        'DW3231',
      ],
    ],
  ),
  ...cases('approval', [APPLY], approvalRows),
  ...cases('record', ['status dev'], recordRows),
  ...cases(
    'record',
    [APPLY],
    [...some(recordRows), ['another than its history has', json(RECORD, set('commit', 'c0ffee')), 'DW3104']],
    true,
  ),
  ...cases('record', ['plan dev --assembly assembly', 'rollback dev --to 1', LOCK], [recordRows[2]]),
  ...cases(
    'record, drawn',
    ['status dev'],
    drawnRows((change) => object(RECORD, change), 'none|DW3101|DW3102', 'DW3101'),
  ),
  ...cases('history', ['history dev'], historyRows),
  ...cases('history', ['rollback dev --to 1'], some(historyRows)),
  ...cases('event', ['history dev'], eventRows),
  ...cases('lock', [APPLY], lockRows),
  ...cases('lock', ['status dev'], ending('none', some(lockRows))),
  ...cases('lock', ['unlock dev none'], ending('DW3005', some(lockRows))),
  ...cases('counter', [APPLY], counterRows, true),
  ...cases('dataworks.json', ['status dev'], configurationRows),
  ...cases('assembly', ['plan dev --assembly assembly'], assemblyRows),
  ...WORDS.flatMap(([command, code]) => cases('words', [command], [['', NOTHING, code]])),
];
