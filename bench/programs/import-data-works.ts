/** Loads `@dataworks/constructs`, and through it all of CDK that it uses. */
import './import-l2s';
import { DataLakeZones } from '@dataworks/constructs';

export const loaded = DataLakeZones;
