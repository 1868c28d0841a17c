import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import fc from 'fast-check';
import { AccessLogsBucket, BucketName, DataLakeZones, EncryptionKey, Zone } from '../src';
import { newStack } from './support/synth';
import { drawn } from '../../../projenrc/test/thorough';

const oneOf = (characters: string) => fc.constantFrom(...characters.split(/(?:)/));

/** Characters that names may have, and some that they may not. */
const letters = fc.string({ unit: oneOf('ab09--'), minLength: 0, maxLength: 70 });
const anything = fc.string({ unit: oneOf('abz09-._A /'), minLength: 0, maxLength: 70 });
const affixed = fc
  .tuple(
    fc.constantFrom('', 'xn--', 'sthree-', 'sthree-configurator', 'amzn-s3-demo-'),
    fc.oneof(fc.constant('abc'), letters, anything),
    fc.constantFrom('', '-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3', '-an'),
  )
  .map((parts) => parts.join(''));
/** Good names, of the lengths around the limits. */
const long = fc
  .oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 29, max: 34 }), fc.integer({ min: 61, max: 65 }))
  .map((length) => 'a'.repeat(length));
const bucketNames = fc.oneof(letters, anything, long, { weight: 3, arbitrary: affixed });

/**
 * What S3 says against the name of a general purpose bucket in the global namespace.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function bucketNameViolations(name: string): readonly string[] {
  const rules: ReadonlyArray<readonly [string, boolean]> = [
    ['3 to 63 characters', name.length >= 3 && name.length <= 63],
    ['lower-case letters, numbers, dots and hyphens', /^[a-z0-9.-]*$/.test(name)],
    ['begins and ends with a letter or number', !['.', '-'].some((mark) => name.startsWith(mark) || name.endsWith(mark))],
    ['no two adjacent periods', !name.includes('..')],
    ['not like an IP address', !/^\d+\.\d+\.\d+\.\d+$/.test(name)],
    ['no reserved prefix', !['xn--', 'sthree-', 'amzn-s3-demo-'].some((prefix) => name.startsWith(prefix))],
    ['no reserved suffix', !['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'].some((suffix) => name.endsWith(suffix))],
    ['-an belongs to account-regional names', !name.endsWith('-an')],
  ];
  return rules.filter(([, kept]) => !kept).map(([rule]) => rule);
}

/** The properties of the only resource of a type, or the error. */
function attempt(type: string, build: (stack: Stack) => unknown): Record<string, string | undefined> | Error {
  const stack = newStack();
  try {
    build(stack);
  } catch (error) {
    return error as Error;
  }
  const [resource] = Object.values(Template.fromStack(stack).findResources(type) as Record<string, { Properties: Record<string, string> }>);
  return resource.Properties;
}

const RUNS = { numRuns: drawn(200), seed: 20261124 };

test('an explicit bucket name is refused exactly when S3 would reject it, or TLS would not fit its dots', () => {
  fc.assert(
    fc.property(bucketNames, (name) => {
      const result = attempt('AWS::S3::Bucket', (stack) => new AccessLogsBucket(stack, 'It', { bucketName: BucketName.explicit(name) }));
      const forbidden = bucketNameViolations(name);
      if (result instanceof Error) {
        expect(result.message).toMatch(/^DW1017 /);
        expect({ forbidden: forbidden.length > 0, dots: name.includes('.') }).not.toEqual({ forbidden: false, dots: false });
      } else {
        expect(result.BucketName).toBe(name);
        expect(forbidden).toEqual([]);
      }
    }),
    RUNS,
  );
});

test('an account-regional name fits in every region', () => {
  const regions = RegionInfo.regions.map(({ name }) => name);
  let accepted = 0;
  fc.assert(
    fc.property(bucketNames, (prefix) => {
      const result = attempt(
        'AWS::S3::Bucket',
        (stack) => new AccessLogsBucket(stack, 'It', { bucketName: BucketName.accountRegional(prefix) }),
      );
      if (result instanceof Error) {
        expect(result.message).toMatch(/^DW101[78] /);
        return;
      }
      accepted += 1;
      for (const region of regions) {
        const violations = bucketNameViolations(`${result.BucketNamePrefix!}-123456789012-${region}-an`);
        expect([prefix, region, violations]).toEqual([prefix, region, ['-an belongs to account-regional names']]);
      }
    }),
    RUNS,
  );
  expect(accepted).toBeGreaterThan(drawn(200) / 20);
});

test('the longest prefix that fits in every region is accepted', () => {
  const longest = Math.max(...RegionInfo.regions.map(({ name }) => name.length));
  const prefix = 'a'.repeat(63 - `-123456789012-${'r'.repeat(longest)}-an`.length);
  expect(
    attempt('AWS::S3::Bucket', (stack) => new AccessLogsBucket(stack, 'It', { bucketName: BucketName.accountRegional(prefix) })),
  ).not.toBeInstanceOf(Error);
});

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
const isAliasName = (name: string): boolean =>
  name.length <= 256 && /^alias\/[a-zA-Z0-9/_-]+$/.test(name) && !name.startsWith('alias/aws/');

test('an alias is refused exactly when KMS would reject it, or it says its prefix twice', () => {
  const aliases = fc
    .tuple(
      fc.constantFrom('', 'aws/', 'aws', 'alias/', 'alias'),
      fc.oneof(fc.string({ unit: oneOf('aZ0/_-'), maxLength: 260 }), fc.string({ unit: oneOf('aZ0/_- .:'), maxLength: 20 })),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(aliases, (alias) => {
      const result = attempt('AWS::KMS::Alias', (stack) => new EncryptionKey(stack, 'It', { alias }));
      if (result instanceof Error) {
        expect(result.message).toMatch(/^DW1001 /);
        expect({ valid: isAliasName(`alias/${alias}`), twice: alias.startsWith('alias/') }).not.toEqual({ valid: true, twice: false });
      } else {
        expect(isAliasName(result.AliasName!)).toBe(true);
      }
    }),
    RUNS,
  );
});

/**
 * What Systems Manager says against the name of a parameter.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
function parameterNameViolations(name: string): readonly string[] {
  const longestArn = `arn:aws-iso-f:ssm:us-isof-south-1:123456789012:parameter${name}`;
  const rules: ReadonlyArray<readonly [string, boolean]> = [
    ['letters, numbers and .-_/', /^[a-zA-Z0-9._/-]+$/.test(name)],
    ['begins with a slash', name.startsWith('/')],
    ['no empty level', !name.includes('//') && !name.endsWith('/')],
    ['at most 15 levels', name.slice(1).split('/').length <= 15],
    ['does not begin with aws or ssm', !/^\/?(aws|ssm)/i.test(name)],
    ['at most 1,011 characters as an ARN', longestArn.length <= 1011],
  ];
  return rules.filter(([, kept]) => !kept).map(([rule]) => rule);
}

test('the parameters of a lake have names that Systems Manager takes', () => {
  const level = fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit: oneOf('aZ0._-'), minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom('', 'aws', 'SSM', 'ssm-x', 'a b', 'é', 'x'.repeat(1000)) },
  );
  const anyPrefix = fc
    .tuple(fc.constantFrom('/', '/', '/', ''), fc.array(level, { minLength: 1, maxLength: 15 }))
    .map(([start, levels]) => `${start}${levels.join('/')}`);
  const deepPrefix = fc.integer({ min: 11, max: 16 }).map((levels) => '/a'.repeat(levels));
  const prefixes = fc.oneof({ weight: 2, arbitrary: anyPrefix }, { weight: 1, arbitrary: deepPrefix });
  // The longest id that a zone can have.
  const zones = [Zone.of('z'.repeat(32))];
  let accepted = 0;
  fc.assert(
    fc.property(prefixes, (parameterPrefix) => {
      const stack = new Stack(new App(), 'Stack');
      try {
        new DataLakeZones(stack, 'Lake', { project: 'p', environment: 'e', owner: 'o', zones, parameterPrefix });
      } catch (error) {
        expect((error as Error).message).toMatch(/^DW1023 /);
        return;
      }
      accepted += 1;
      const parameters = Object.values(
        Template.fromStack(stack).findResources('AWS::SSM::Parameter') as Record<string, { Properties: { Name: string } }>,
      );
      for (const { Properties } of parameters) {
        expect([Properties.Name, parameterNameViolations(Properties.Name)]).toEqual([Properties.Name, []]);
      }
    }),
    { ...RUNS, numRuns: drawn(60) },
  );
  expect(accepted).toBeGreaterThan(drawn(60) / 6);
});
