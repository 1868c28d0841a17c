import terraformLocks from './terraform-locks.json';
import { goTime, jsonOf, type LockInfo } from '../../src/lock/lock-info';

test("the JSON is what Go's encoder writes: order, no spaces, and its escapes", () => {
  const info = {
    Path: 'state/dataworks-infra',
    Created: '2026-11-24T10:00:00.5Z',
    Version: '1.11.4',
    Who: 'ada@<laptop>',
    Info: 'a & b\u2028\u2029 "q" \\ \n\t\u0001\u007f ü 🙂',
    Operation: 'OperationTypeApply',
    ID: '11111111-2222-4333-8444-555555555555',
  };
  // As encoding/json documents it: HTML characters and U+2028/9 are escaped, everything else that may stand in JSON is not.
  const written = String.raw`{"ID":"11111111-2222-4333-8444-555555555555","Operation":"OperationTypeApply","Info":"a \u0026 b\u2028\u2029 \"q\" \\ \n\t\u0001${'\u007f'} ü 🙂","Who":"ada@\u003claptop\u003e","Version":"1.11.4","Created":"2026-11-24T10:00:00.5Z","Path":"state/dataworks-infra"}`;
  expect(jsonOf(info)).toBe(written);
});

test.each(Object.entries({ item: terraformLocks.item.Info, file: terraformLocks.file }))(
  'the %s of a real Terraform, read and written again, has the same bytes',
  (_half, text) => {
    expect(jsonOf(JSON.parse(text) as LockInfo)).toBe(text);
  },
);

test('half a surrogate pair is stored as it is compared', () => {
  const text = jsonOf({ ID: 'a', Operation: '', Info: 'x\ud83dy', Who: '', Version: '', Created: '', Path: '' });
  expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
  expect((JSON.parse(text) as { Info: string }).Info).toBe('x\ufffdy');
});

test.each([
  ['2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00Z'],
  ['2026-11-24T10:00:20.000Z', '2026-11-24T10:00:20Z'],
  ['2026-11-24T10:00:00.500Z', '2026-11-24T10:00:00.5Z'],
  ['2026-11-24T10:00:00.007Z', '2026-11-24T10:00:00.007Z'],
])('time %s is %s', (time, written) => {
  expect(goTime(new Date(time))).toBe(written);
});
