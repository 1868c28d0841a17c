import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

const SCHEMAS = join(__dirname, '../schema');

/** The command compiles them without asking. */
test.each(readdirSync(SCHEMAS))('%s is a schema', (file) => {
  const ajv = new Ajv({ strict: true });
  expect(ajv.validateSchema(JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as object)).toBe(true);
});
