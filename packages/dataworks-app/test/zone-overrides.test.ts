import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { ZONE_PROFILES } from '../../dataworks-constructs/src/zones/zone-profiles';
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
