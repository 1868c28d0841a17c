import { RegionInfo } from 'aws-cdk-lib/region-info';
import { partitionOf } from '../../../src/plan/assembly/place';

test('a region is in the partition in which the CDK knows it', () => {
  const regions = RegionInfo.regions.map(({ name, partition }) => [name, partition]);
  expect(regions.map(([name]) => [name, partitionOf(name!)])).toEqual(regions);
});
