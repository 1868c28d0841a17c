import { fixture } from './fixture';
import { MUTATIONS } from './mutations';
import { synthesised } from './validated';
import FEATURE_FLAGS from '../../../../projenrc/recommended-feature-flags.json';
import { CHECKS } from '../../src/checks/rules';

test.each([
  ['no feature flags', {}],
  ['every recommended feature flag', FEATURE_FLAGS],
])('an app that nobody tampered with passes, with %s', (_name, flags) => {
  const { error, findings, acknowledged } = synthesised(fixture(flags).app);
  expect({ error, findings }).toEqual({ error: undefined, findings: [] });
  expect(acknowledged.length).toBeGreaterThan(0); // the checks did run
});

describe.each(MUTATIONS)('$hatch: $what', ({ id, at, mutate, also = [] }) => {
  test(`${id} finds it and fails the synthesis; beside our constructs it is not our business`, () => {
    const { app, ours, neighbour } = fixture();
    mutate(ours);
    mutate(neighbour);
    const { error, findings } = synthesised(app);
    expect(findings).toEqual([id, ...also].map((check) => `${check} at ${ours[at].node.path}`).sort());
    expect(error).toContain(id);
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

describe('the table of checks', () => {
  test.each(CHECKS)('$id names its consequence, its fix and its controls', ({ id, rule, consequence, fix, controls }) => {
    expect(id).toMatch(/^DataWorks-(S3|KMS|IAM)-?[A-Z][A-Za-z0-9]+$/);
    for (const sentence of [rule, consequence]) expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/^[a-z].*[^.]$/);
    const { nist80053r5, pciDss4, hipaa, cis5 } = controls;
    expect(nist80053r5.length > 0).toBe(id !== 'DataWorks-S3-BucketKey'); // which saves money, and no more
    for (const control of nist80053r5) expect(control).toMatch(/^[A-Z]{2}-\d+(\(\d+\))?$/);
    for (const requirement of [...pciDss4, ...cis5]) expect(requirement).toMatch(/^\d+(\.\d+)+$/);
    for (const section of hipaa) expect(section).toMatch(/^164\.\d{3}(\([a-zA-Z0-9]+\))+$/);
  });

  test('no id stands twice', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
