import { stopSignal } from '../../src/apply/stop-signal';

test('the first signal asks to stop, and says what a second one does; after the apply a signal is no longer its own', () => {
  const before = process.listenerCount('SIGTERM');
  const told: string[] = [];
  const { signal, dispose } = stopSignal((line) => told.push(line));
  expect(signal.aborted).toBe(false);
  process.emit('SIGTERM', 'SIGTERM');
  expect(signal.reason).toBe('SIGTERM');
  expect(told).toEqual([expect.stringContaining('Once more ends at once')]);
  dispose();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
