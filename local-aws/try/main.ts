/** `npx projen try`: `--help` says what it does. */
import { runTry } from './command';
import { HOME } from '../cli/paths';

void runTry(process.argv.slice(2), { home: HOME, out: console.log, err: console.error }).then((code) => {
  process.exitCode = code;
});
