#!/usr/bin/env node
import { dataworks } from './program';
import { answerSignals, exitBy } from './signals';
import { outliveReaders, processTerminal } from './terminal';

// Eight lines about Node.js 20, before every command: package.json says which versions it runs on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

outliveReaders();
answerSignals(exitBy);
void dataworks(process.argv.slice(2), processTerminal).then((code) => {
  process.exitCode = code;
});
