import { runCommand, surroundings } from './command';

void runCommand(process.argv.slice(2), surroundings()).then((code) => {
  process.exitCode = code;
});
