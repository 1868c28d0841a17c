/** Code that is loaded when it is needed: its type is that of the file which is loaded, wherever files are moved. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const SRC = join(__dirname, '../src');
const LOADED = /\bload\('([^']+)'\) as typeof import\('([^']+)'\)/g;

const loads = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => [...readFileSync(join(SRC, file), 'utf8').matchAll(LOADED)].map(([, loaded, typed]) => ({ file, loaded, typed })));

test('every file that is loaded late is there, and is the one whose type it has', () => {
  expect(loads.length).toBeGreaterThan(10);
  expect(loads.filter(({ file, loaded, typed }) => loaded !== typed || !existsSync(resolve(SRC, dirname(file), `${loaded}.ts`)))).toEqual(
    [],
  );
});
