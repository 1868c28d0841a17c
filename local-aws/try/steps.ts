import { performance } from 'node:perf_hooks';

/** Says what is being done while it is done, and how long each step took. */
export class Steps {
  private readonly started = performance.now();

  public constructor(private readonly print: (line: string) => void) {}

  /** Do one step; `work` is given a function that prints a line of its progress. */
  public async step<T>(title: string, work: (progress: (line: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    this.print(`▸ ${title}`);
    const result = await work((line) => {
      if (line.trim() !== '') this.print(`    ${line}`);
    });
    this.print(`  ${seconds(performance.now() - started)}`);
    return result;
  }

  /** How long all steps took so far. */
  public elapsed(): string {
    return seconds(performance.now() - this.started);
  }
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
