import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicApi } from './public-api';
import { ROOT } from '../support/places';

interface Type {
  readonly name: string;
  readonly datatype?: true;
  readonly properties?: ReadonlyArray<{ readonly name: string }>;
  readonly methods?: ReadonlyArray<{ readonly name: string; readonly overrides?: string }>;
}

/** Reached otherwise: by the constructs themselves, or by the getters of the lake. */
const INDIRECT = ['ObjectEncryption.withKey', 'HardenedBucketProps.accessLogsBucket'];

/** Every prop of a struct, and every method but those that CDK calls: what a user can say. */
const sayable = Object.values(publicApi('dataworks-constructs').types as Readonly<Record<string, Type>>).flatMap(
  ({ name, datatype, properties, methods }) =>
    [...(datatype ? (properties ?? []) : []), ...(methods ?? []).filter(({ overrides }) => !overrides)].map(
      (member) => `${name}.${member.name}`,
    ),
);

test('the templates that are compared between flags, partitions and versions exercise every option of the API', () => {
  const code = readFileSync(join(ROOT, 'packages/dataworks-constructs/test/stability/every-option.ts'), 'utf8');
  const unsaid = sayable.filter((option) => !new RegExp(`\\b${option.split('.')[1]}\\b`).test(code));
  expect(unsaid.sort()).toEqual(INDIRECT.sort());
});
