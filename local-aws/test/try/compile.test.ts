import { packagesOnly, withoutNoise } from '../../try/compile';

const TURBO = [
  '   • turbo 2.11.9',
  '@dataworks/constructs:compile: cache hit, replaying logs 2a1f',
  '@dataworks/deploy:compile: cache miss, executing 09c0f1978f4bd940',
  '@dataworks/deploy:compile: src/cli.ts(1,1): error TS2304',
  ' Tasks:    3 successful, 4 total',
  'Cached:    3 cached, 4 total',
  '  Time:    1.646s',
];

function told(filter: typeof withoutNoise): string[] {
  const lines: string[] = [];
  TURBO.forEach(filter((line) => lines.push(line)));
  return lines;
}

test('while all goes well, the packages that are compiled are told', () => {
  expect(told(packagesOnly)).toEqual(['@dataworks/deploy']);
});

test('of what turbo says, nothing is left out but what it says of itself', () => {
  expect(told(withoutNoise)).toEqual(TURBO.slice(1, 4));
});
