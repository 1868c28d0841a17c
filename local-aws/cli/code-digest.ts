import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODE, type Venv } from './paths';

/** Changes with the server's Python code and with what is installed for it. */
export function digestOfCode(venv: Venv): string {
  const overlay = join(CODE, 'overlay');
  const modules = readdirSync(overlay, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.py'));
  const hash = createHash('sha256');
  for (const file of [...modules.sort().map((module) => join(overlay, module)), ...venv.requirements]) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
