import { namesIn } from './references';
import type { Json, StackTemplate } from './stack-template';

/** Logical ids of a template, each after those that it reads. Of those that read each other in a circle, one comes too early. */
export function inDependencyOrder({ Resources }: StackTemplate): string[] {
  const [begun, ordered] = [new Set<string>(), new Set<string>()];
  const path = Object.keys(Resources).reverse();
  for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
    const unread = begun.has(id) ? [] : namesIn(Resources[id] as unknown as Json).filter((name) => Object.hasOwn(Resources, name));
    begun.add(id);
    const next = unread.filter((name) => !begun.has(name));
    path.push(...next);
    if (next.length === 0) ordered.add(path.pop()!);
  }
  return [...ordered];
}
