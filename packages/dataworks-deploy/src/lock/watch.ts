/** How long something has stood still, by the observer's own clock: no two clocks are ever compared. */
export class Watch {
  private sign?: string;
  private since = 0;

  /**
   * @param sign what is seen now; undefined when there is nothing to watch
   * @param elapsed milliseconds of the observer's monotonic clock, from *before* it was read
   * @param read the same, from after it was read
   * @returns milliseconds for which it has been the same
   */
  public see(sign: string | undefined, elapsed: number, read: number): number {
    if (sign === undefined || sign !== this.sign) {
      this.sign = sign;
      this.since = read;
    }
    return Math.max(0, elapsed - this.since);
  }
}
