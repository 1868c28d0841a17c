/** Writes the tables of the backend library's documentation, in the working directory of that package. */
import { writeFileSync } from 'node:fs';
import { acknowledgementTable } from './acknowledgements';
import { boundaryTable, differenceTable, familyTable, serviceControlPolicy, wildcardTable } from './cdk-bootstrap';
import { errorTable } from './errors';
import { writeParts } from './markdown';
import { DECISIONS } from '../../../packages/backend-bootstrap/src/private/acknowledgements';
import { DECISIONS as DEPLOYMENT_DECISIONS } from '../../../packages/backend-bootstrap/src/private/deployment-decisions';
import { DEPLOYMENT_REFUSALS } from '../../../packages/backend-bootstrap/src/private/deployment-refusals';
import { REFUSALS } from '../../../packages/backend-bootstrap/src/private/refusals';

writeParts('docs/acknowledgements.md', {
  acknowledgements: acknowledgementTable([...Object.values(DECISIONS), ...Object.values(DEPLOYMENT_DECISIONS)]),
});
writeParts('docs/errors.md', { errors: errorTable({ ...REFUSALS, ...DEPLOYMENT_REFUSALS }) });
writeParts('docs/cdk-bootstrap.md', {
  differences: differenceTable(),
  families: familyTable(),
  boundary: boundaryTable(),
  wildcards: wildcardTable(),
});
writeFileSync('docs/service-control-policy.json', serviceControlPolicy());
