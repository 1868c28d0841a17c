import { ZONE_TABLE } from './zone-table';
import { Zone } from '../../src';

test('the thirteen zones are constants of the class', () => {
  const constants = Object.values(Zone).filter((value) => value instanceof Zone);
  expect(constants.map(({ zoneId }) => zoneId)).toEqual(ZONE_TABLE.map(({ zone }) => zone));
});

test('a zone of your own is known by its id', () => {
  expect(Zone.of('sandbox')).toEqual(Zone.of('sandbox'));
  expect(Zone.of('raw')).toEqual(Zone.RAW);
});
