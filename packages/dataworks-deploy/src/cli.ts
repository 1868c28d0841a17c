#!/usr/bin/env node
import { dataworks } from './program';
import { processTerminal } from './terminal';

void dataworks(process.argv.slice(2), processTerminal).then((code) => {
  process.exitCode = code;
});
