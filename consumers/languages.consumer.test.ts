import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, HOME, ROOT } from './support/places';
import { run } from './support/run';

const CODE = join(HOME, 'code');

/**
 * What users of each language write, as it stands in the generated code: names that are reserved words somewhere (`of`,
 * `explicit`), enum-likes, statics, maps of structs, and optional arguments.
 */
const LANGUAGES = {
  python: {
    folder: 'src/dataworks/constructs',
    expected: [
      'def of(cls, zone_id: builtins.str) -> "Zone"',
      'def RAW_ARCHIVE(cls) -> "Zone"',
      'def explicit(cls, name: builtins.str) -> "BucketName"',
      'def expiring_after(',
      'def raw_zone(self) -> "DataWorksBucket"',
      'def from_parameters(',
      'class ZoneReference(',
      'overrides: typing.Optional[typing.Mapping[builtins.str, typing.Union["ZoneOverrides", typing.Dict[builtins.str, typing.Any]]]] = None',
      'RESTRICTED = "RESTRICTED"',
      'key_pattern: typing.Optional[builtins.str] = None',
    ],
  },
  java: {
    folder: 'src/main/java/io/github/dataworks/constructs',
    expected: [
      'io.github.dataworks.constructs.Zone of(final @org.jetbrains.annotations.NotNull java.lang.String zoneId)',
      'public final static io.github.dataworks.constructs.Zone RAW_ARCHIVE',
      'io.github.dataworks.constructs.BucketName explicit(',
      'io.github.dataworks.constructs.Versioning expiringAfter(',
      'io.github.dataworks.constructs.DataWorksBucket getRawZone()',
      'public static @org.jetbrains.annotations.NotNull io.github.dataworks.constructs.DataLakeReference fromParameters(',
      'public @org.jetbrains.annotations.NotNull io.github.dataworks.constructs.ZoneReference zone(',
      'Builder overrides(final java.util.Map<java.lang.String, ? extends io.github.dataworks.constructs.ZoneOverrides> overrides)',
      'grantRead(final @org.jetbrains.annotations.NotNull software.amazon.awscdk.services.iam.IGrantable grantee)',
    ],
  },
  go: {
    folder: 'dataworksconstructs',
    expected: [
      // The README's example of Go, which no tool translates:
      'func NewDataLakeZones(scope constructs.Construct, id *string, props *DataLakeZonesProps) DataLakeZones',
      'Project *string `field:"required"',
      'Environment *string `field:"required"',
      'Owner *string `field:"required"',
      'Zone(zone Zone) ZoneReference',
      'func Zone_Of(zoneId *string) Zone',
      'func Zone_RAW_ARCHIVE() Zone',
      'func BucketName_Explicit(name *string) BucketName',
      'func Versioning_ExpiringAfter(period awscdk.Duration, noncurrent *NoncurrentVersions) Versioning',
      'RawZone() DataWorksBucket',
      'func DataLakeZones_FromParameters(scope constructs.Construct, id *string, props *DataLakeReferenceProps) DataLakeReference',
      'Overrides *map[string]*ZoneOverrides',
      'DataClassification_RESTRICTED DataClassification = "RESTRICTED"',
      'GrantRead(grantee awsiam.IGrantable, keyPattern *string) awsiam.Grant',
    ],
  },
  dotnet: {
    folder: 'Dataworks.Constructs/Dataworks/Constructs',
    expected: [
      'public static Dataworks.Constructs.Zone Of(string zoneId)',
      'public static Dataworks.Constructs.Zone RAW_ARCHIVE',
      'public static Dataworks.Constructs.BucketName Explicit(string name)',
      'public static Dataworks.Constructs.Versioning ExpiringAfter(',
      'public virtual Dataworks.Constructs.DataWorksBucket RawZone',
      'public static Dataworks.Constructs.DataLakeReference FromParameters(',
      'public virtual Dataworks.Constructs.ZoneReference Zone(',
      'public System.Collections.Generic.IDictionary<string, Dataworks.Constructs.IZoneOverrides>? Overrides',
      'GrantRead(Amazon.CDK.AWS.IAM.IGrantable grantee, string? keyPattern = null)',
    ],
  },
} as const;

beforeAll(async () => {
  rmSync(CODE, { recursive: true, force: true });
  const pacmak = join(ROOT, 'node_modules/.bin/jsii-pacmak');
  await run(pacmak, ['--code-only', '--outdir', CODE, '--targets', ...Object.keys(LANGUAGES)], { cwd: folderOf('dataworks-constructs') });
});

describe.each(Object.entries(LANGUAGES))('%s', (language, { folder, expected }) => {
  test.each(expected)('has %s', (declaration) => {
    const directory = join(CODE, language, folder);
    const files = readdirSync(directory).filter((file) => /\.(py|java|go|cs)$/.test(file));
    const holding = files.filter((file) => readFileSync(join(directory, file), 'utf8').includes(declaration));
    expect(holding).not.toEqual([]);
  });
});
