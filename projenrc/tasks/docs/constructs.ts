/** Writes the tables of the construct library's documentation, in the working directory of that package. */
import { acknowledgementTable } from './acknowledgements';
import { readAssembly } from './assembly';
import { checkTable, controlTable } from './checks';
import { errorTable } from './errors';
import { firstExample } from './languages';
import { writeParts } from './markdown';
import { zoneTable } from './zones';
import { DECISIONS } from '../../../packages/dataworks-constructs/src/private/acknowledgements';
import { REFUSALS } from '../../../packages/dataworks-constructs/src/private/refusals';

writeParts('README.md', { zones: zoneTable(readAssembly()), languages: firstExample() });
writeParts('docs/acknowledgements.md', { acknowledgements: acknowledgementTable(Object.values(DECISIONS)) });
writeParts('docs/checks.md', { checks: checkTable(), controls: controlTable() });
writeParts('docs/errors.md', { errors: errorTable(REFUSALS) });
