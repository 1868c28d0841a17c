/** Sums the JUnit reports of all runners into one line, the last one of CI; exits 1 when a test failed or none ran. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPORTS = 'test-reports';

const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
const reports = existsSync(REPORTS) ? readdirSync(REPORTS) : []; // none: nothing came as far as the tests
for (const file of reports.filter((name) => name.endsWith('.xml'))) {
  const report = readFileSync(join(REPORTS, file), 'utf8');
  for (const [, attributes] of report.matchAll(/<testsuite\s([^>]*)>/g)) {
    for (const name of Object.keys(total) as Array<keyof typeof total>) {
      total[name] += Number(new RegExp(`(?:^|\\s)${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    }
  }
}
const failed = total.failures + total.errors;
console.log(`${total.tests - failed - total.skipped} passed, ${failed} failed, ${total.skipped} skipped`);
process.exitCode = failed > 0 || total.tests === 0 ? 1 : 0;
