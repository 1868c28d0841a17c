import { fixture } from './fixture';
import { MUTATIONS } from './mutations';
import { synthesised } from './validated';
import { CHECKS } from '../../src/checks/rules';

test('an app that nobody tampered with passes', () => {
  const { error, findings } = synthesised(fixture().app);
  expect({ error, findings }).toEqual({ error: undefined, findings: [] });
});

describe.each(MUTATIONS)('$hatch: $what', ({ id, at, mutate, also = [] }) => {
  test(`${id} finds it, and fails the synthesis`, () => {
    const { app, ours } = fixture();
    mutate(ours);
    const { error, findings } = synthesised(app);
    expect(findings).toEqual([id, ...also].map((check) => `${check} at ${ours[at].node.path}`).sort());
    expect(error).toContain(id);
  });

  test('beside our constructs it is not our business', () => {
    const { app, neighbour } = fixture();
    mutate(neighbour);
    const { error, findings } = synthesised(app);
    expect({ error, findings }).toEqual({ error: undefined, findings: [] });
  });
});

test('every check has a mutation that it finds', () => {
  const found = new Set(MUTATIONS.flatMap(({ id, also = [] }) => [id, ...also]));
  expect(CHECKS.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
});

test('every kind of escape hatch is tried', () => {
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MUTATIONS.map(({ hatch }) => hatch)).size).toBe(9);
});
