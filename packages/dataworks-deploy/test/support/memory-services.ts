/** DynamoDB and S3 as far as lock and record use them, in memory. That they answer as the real ones do is what `services.integration.test.ts` shows. */
import type { LockItem, LockItems, Objects, OwnItem, StoredObject } from '../../src/lock/lock-services';

/** Every call is one step: what real services promise of single conditional writes. */
export type Effects<T> = { [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never };

export class MemoryItems implements Effects<LockItems> {
  public item?: LockItem;
  public counter = 0;
  private remembered: readonly string[] = [];

  public readonly read = () => this.item;

  public readonly create = (item: OwnItem) => {
    if (this.item) return this.item;
    this.item = item;
    return undefined;
  };

  public readonly replace = (item: OwnItem, seen: LockItem) => {
    if (!this.item || this.item.info !== seen.info || this.item.heartbeat !== seen.heartbeat) return false;
    this.item = item;
    return true;
  };

  public readonly renew = (info: string, heartbeat: number, fence?: number) => {
    if (this.item?.info !== info || !(this.item.heartbeat! <= heartbeat)) return false;
    this.item = { ...this.item, heartbeat, ...(fence !== undefined && { fence }) };
    return true;
  };

  public readonly remove = (info: string | undefined) => {
    if (!this.item || this.item.info !== info) return false;
    this.item = undefined;
    return true;
  };

  public readonly nextFence = (stacks: readonly string[]) => {
    this.counter += 1;
    this.remembered = [...new Set([...this.remembered, ...stacks])].sort();
    return { fence: this.counter, stacks: this.remembered };
  };

  public readonly raiseFence = (fence: number) => {
    this.counter = Math.max(this.counter, fence);
  };

  public readonly forgetStacks = (fence: number) => {
    if (this.counter === fence) this.remembered = [];
  };
}

export class MemoryObjects implements Effects<Objects> {
  public readonly stored = new Map<string, StoredObject>();
  private writes = 0;

  public readonly read = (key: string) => this.stored.get(key);

  public readonly create = (key: string, text: string) => (this.stored.has(key) ? undefined : this.write(key, text));

  public readonly replace = (key: string, text: string, etag: string) =>
    this.stored.get(key)?.etag === etag ? this.write(key, text) : undefined;

  public readonly remove = (key: string, etag: string) => this.stored.get(key)?.etag === etag && this.stored.delete(key);

  public readonly keys = (prefix: string) => [...this.stored.keys()].filter((key) => key.startsWith(prefix)).sort();

  private write(key: string, text: string): string {
    this.writes += 1;
    const etag = `"${this.writes}"`;
    this.stored.set(key, { text, etag });
    return etag;
  }
}

/** Calls that are answered at once. */
export function answered<T extends object>(effects: Effects<T>): T {
  const calls = Object.entries(effects).map(([name, effect]) => [
    name,
    typeof effect === 'function' ? (...args: unknown[]) => Promise.resolve((effect as (...all: unknown[]) => unknown)(...args)) : effect,
  ]);
  return Object.fromEntries(calls) as T;
}
