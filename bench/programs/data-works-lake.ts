import type { Construct } from 'constructs';
import { DataLakeZones } from '@dataworks/constructs';

/** The thirteen zones, and all that they can write down for others. */
export function dataWorksLake(scope: Construct, id: string, environment: string): void {
  new DataLakeZones(scope, id, {
    project: 'dataworks',
    environment,
    owner: 'data-platform',
    parameterPrefix: `/dataworks/${environment}/lake`,
    outputs: true,
  });
}
