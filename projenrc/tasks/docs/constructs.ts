/** Writes the tables of the construct library's documentation, in the working directory of that package. */
import { acknowledgementTable } from './acknowledgements';
import { readAssembly } from './assembly';
import { checkTable, controlTable } from './checks';
import { errorTable } from './errors';
import { firstExample } from './languages';
import { writeParts } from './markdown';
import { zoneTable } from './zones';

writeParts('README.md', { zones: zoneTable(readAssembly()), languages: firstExample() });
writeParts('docs/acknowledgements.md', { acknowledgements: acknowledgementTable() });
writeParts('docs/checks.md', { checks: checkTable(), controls: controlTable() });
writeParts('docs/errors.md', { errors: errorTable() });
