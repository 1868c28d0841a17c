import { Ajv, type Options, type ValidateFunction } from 'ajv';

/**
 * What holds values against a schema of ours. It is compiled when it is first asked for: compiling one takes longer than many a command.
 * That our schemas are schemas is a test's to say: the schema of schemas would be compiled, too.
 */
export function validatorOf<T>(schema: object, options: Pick<Options, 'allErrors' | 'verbose'> = {}): () => ValidateFunction<T> {
  let compiled: ValidateFunction<T> | undefined;
  return () => (compiled ??= new Ajv({ strict: true, meta: false, validateSchema: false, ...options }).compile<T>(schema));
}
