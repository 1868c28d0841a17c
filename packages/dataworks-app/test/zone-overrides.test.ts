import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { lifecycleProblems } from '../../dataworks-constructs/src/private/lifecycle-problems';
import { Versioning } from '../../dataworks-constructs/src/versioning';
import { ZONE_PROFILES } from '../../dataworks-constructs/src/zones/zone-profiles';
import { parseConfiguration } from '../../dataworks-deploy/src';
import { ZONE_IDS } from '../../dataworks-deploy/src/config/zones';
import { zoneOverrides } from '../src/zone-overrides';

test('dataworks.json knows the zones that the lake has', () => {
  expect([...ZONE_IDS]).toEqual(ZONE_PROFILES.map(([zone]) => zone.zoneId));
});

test('what the file leaves out stays as in the zone', () => {
  expect(Object.values(zoneOverrides({})).filter((value) => value !== undefined)).toEqual([]);
});

test('every change of the file reaches the zone', () => {
  const overrides = zoneOverrides({
    versioned: true,
    noncurrentDays: 5,
    retentionDays: 400,
    transitions: [{ storageClass: 'GLACIER_IR', afterDays: 90 }],
    events: true,
    classification: 'restricted',
  });
  expect(overrides).toMatchObject({ retention: Duration.days(400), events: true, classification: 'restricted' });
  expect(overrides.versioning).toMatchObject({ enabled: true, noncurrentExpiration: Duration.days(5) });
  expect(overrides.transitions).toEqual([{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, after: Duration.days(90) }]);
});

test('a zone without versions', () => {
  expect(zoneOverrides({ versioned: false }).versioning).toMatchObject({ enabled: false });
});

const CLASSES = ['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];
const PAIRS = CLASSES.flatMap((first) => CLASSES.map((second) => [first, second] as const));

test.each(PAIRS)('dataworks.json and the constructs refuse the same lifecycles: %s, then %s', (first, second) => {
  for (const [firstAge, secondAge, retentionDays] of [
    [30, 60, 61],
    [30, 60, 60],
    [30, 59, 400],
    [29, 90, 400],
    [40, 40, 400],
    [40, 41, 400],
  ]) {
    const transitions = [
      { storageClass: first, afterDays: firstAge },
      { storageClass: second, afterDays: secondAge },
    ];
    const read = () =>
      parseConfiguration(
        JSON.stringify({
          project: { name: 'sales', owner: 'team' },
          environments: [
            { name: 'dev', account: '111111111111', region: 'eu-central-1', zones: { domain: { retentionDays, transitions } } },
          ],
        }),
      );
    const overrides = zoneOverrides({ retentionDays, transitions });
    const refused = lifecycleProblems({
      versioning: Versioning.disabled(),
      transitions: overrides.transitions ?? [],
      retention: overrides.retention,
    });
    if (refused.length > 0) expect(read).toThrow(`: ${refused.length} problem`);
    else expect(read).not.toThrow();
  }
});
