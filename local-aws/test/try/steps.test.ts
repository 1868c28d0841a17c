import { Steps } from '../../try/steps';

test('a step says what it does, its progress, and how long it took; its result is handed on', async () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  const result = await steps.step('Deploy', (progress) => {
    progress('halfway');
    progress('  ');
    return Promise.resolve(7);
  });
  expect(result).toBe(7);
  expect(lines).toEqual(['▸ Deploy', '    halfway', expect.stringMatching(/^ {2}\d+\.\d s$/)]);
  expect(steps.elapsed()).toMatch(/^\d+\.\d s$/);
});
