import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** Every Markdown file that people wrote; API.md is written by a tool. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !file.endsWith('API.md'));

interface Link {
  readonly file: string;
  readonly target: string;
}

/** Links to other places of this repository. */
function linksOf(file: string): Link[] {
  return [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => ({ file, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** Without code, in which brackets mean something else. */
function prose(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()#]/g, ''));
}

/** The anchors that GitHub makes of headings. */
function anchorsOf(file: string): string[] {
  return [...prose(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

/** Undefined when the link leads somewhere. */
function brokenness({ file, target }: Link): string | undefined {
  const [path, anchor = ''] = target.split('#');
  const destination = path === '' ? file : join(dirname(file), path);
  if (!existsSync(join(ROOT, destination))) return `${file}: ${target} does not exist`;
  if (anchor === '' || anchorsOf(destination).includes(anchor)) return undefined;
  return `${file}: ${target} has no such heading`;
}

test.each(FILES)('every link of %s leads somewhere', (file) => {
  expect(linksOf(file).flatMap((link) => brokenness(link) ?? [])).toEqual([]);
});

test('a link to a missing file, and one to a missing heading, are found', () => {
  const file = 'README.md';
  expect(['missing.md', 'CONTRIBUTING.md#missing', '#missing'].map((target) => brokenness({ file, target }))).toEqual([
    'README.md: missing.md does not exist',
    'README.md: CONTRIBUTING.md#missing has no such heading',
    'README.md: #missing has no such heading',
  ]);
});

test('the READMEs have links', () => {
  expect(FILES.flatMap(linksOf).length).toBeGreaterThan(20);
});
