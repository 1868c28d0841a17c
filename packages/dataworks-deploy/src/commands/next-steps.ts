/** What to do with a plan that was stored. */
export function nextSteps(name: string, digest: string): string {
  return [
    'Nothing is changed yet. When the report is read:',
    `  dataworks approve ${name} ${digest}`,
    `  dataworks apply ${name} ${digest}`,
  ].join('\n');
}
