/** Fails when something public of the package in the working directory is not documented. */
import { readAssembly } from './assembly';
import { undocumented } from './undocumented';

const problems = undocumented(readAssembly());
for (const problem of problems) console.error(`${problem}. Write a docstring whose first sentence stands alone.`);
process.exitCode = problems.length > 0 ? 1 : 0;
