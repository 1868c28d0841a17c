import type { Duration } from 'aws-cdk-lib/core';
import type { Assembly } from './assembly';
import { table } from './markdown';
import type { StorageTransition, Versioning, Zone } from '../../../packages/dataworks-constructs/src';
import { ZONE_PROFILES, type ZoneSettings } from '../../../packages/dataworks-constructs/src/zones/zone-profiles';

/** What people call S3's storage classes. */
const STORAGE_CLASSES: Readonly<Record<string, string>> = {
  STANDARD_IA: 'Standard-IA',
  INTELLIGENT_TIERING: 'Intelligent-Tiering',
  GLACIER: 'Glacier Flexible Retrieval',
};

/** The table of zones: their settings, and what their docstrings say. */
export function zoneTable(assembly: Assembly): string {
  return table(
    ['zone', 'getter', 'holds', 'current objects', 'earlier versions', 'events', 'classification'],
    ZONE_PROFILES.map(([zone, settings]) => [
      `\`${zone.zoneId}\``,
      `\`${getter(assembly, zone)}\``,
      summary(assembly, 'Zone', constant(zone)).replace(/\.$/, '').replace(/:.*/, ''),
      currentObjects(settings),
      earlierVersions(settings.versioning),
      settings.events ? 'yes' : 'no',
      settings.classification,
    ]),
  );
}

const constant = ({ zoneId }: Zone): string => zoneId.toUpperCase().replace(/-/g, '_');

function getter(assembly: Assembly, { zoneId }: Zone): string {
  const name = `${zoneId.replace(/-(\w)/g, (_hyphen, letter: string) => letter.toUpperCase())}Zone`;
  summary(assembly, 'DataLakeZones', name);
  return name;
}

/** Throws when there is no such member: a table must not name what is not there. */
function summary({ name, types }: Assembly, type: string, member: string): string {
  const found = types[`${name}.${type}`].properties?.find((property) => property.name === member)?.docs?.summary;
  if (found === undefined) throw new Error(`${type}.${member} does not exist, or is not documented.`);
  return found;
}

function currentObjects({ transitions, retention }: ZoneSettings): string {
  const moves = transitions.map(move);
  return [...moves, ...(retention ? [`**deleted after ${days(retention)}**`] : [])].join(', ') || 'kept';
}

function move({ storageClass, after }: StorageTransition): string {
  const to = STORAGE_CLASSES[storageClass.toString()] ?? storageClass.toString();
  return after.toDays() === 0 ? `${to} from the first day` : `${to} after ${days(after)}`;
}

function earlierVersions({ enabled, noncurrentExpiration, keepReason }: Versioning): string {
  if (!enabled) return 'none';
  return noncurrentExpiration ? days(noncurrentExpiration) : `for ever: ${keepReason}`;
}

const days = (duration: Duration): string => `${duration.toDays()} days`;
