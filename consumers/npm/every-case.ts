/** Prints every case's templates as JSON, and what it ran with. Runs in a folder where a user installed the library. */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { everyOption, PLACES, type Place } from '../../packages/dataworks-constructs/test/stability/every-option';
import FLAGS from '../../projenrc/recommended-feature-flags.json';

const FLAG_SETS = { 'no flags': {}, 'all recommended flags': FLAGS };

export interface Cases {
  /** Folders of the packages that were loaded. */
  readonly loaded: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, ReturnType<typeof everyOption>>>;
}

export const CASES = (Object.keys(PLACES) as Place[]).flatMap((place) =>
  Object.entries(FLAG_SETS).map(([name, flags]) => ({ id: `${place}, ${name}`, place, flags })),
);

if (require.main === module) {
  const packages = ['@dataworks/constructs', 'aws-cdk-lib', 'constructs'];
  const cases: Cases = {
    loaded: Object.fromEntries(packages.map((name) => [name, dirname(require.resolve(`${name}/package.json`))])),
    templates: Object.fromEntries(CASES.map(({ id, place, flags }) => [id, everyOption(place, flags)])),
  };
  writeFileSync(process.argv[2], JSON.stringify(cases));
}
