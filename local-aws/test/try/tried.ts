import { homeAt } from '../../cli/paths';
import { runTry } from '../../try/command';

/** `npx projen try` in a home of its own. */
const home = homeAt(process.argv[2]);
void runTry([], { home, out: console.log, err: console.error }).then((code) => {
  process.exitCode = code;
});
