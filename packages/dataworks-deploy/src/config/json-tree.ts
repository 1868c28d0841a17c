import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { MISTAKES } from './mistakes';
import type { Path } from './path';
import type { ConfigurationProblem, Finding } from './problem';

export type ParsedTree =
  | { readonly problems: readonly ConfigurationProblem[] }
  /** `root` knows where in the text everything stands. */
  | { readonly problems?: undefined; readonly value: unknown; readonly root: Node };

/** Strict JSON, but with every syntax error, not only the first. */
export function parseJsonTree(encoded: string): ParsedTree {
  const text = encoded.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const root = treeOf(text, errors);
  if (root === 'too deep') {
    return { problems: [{ ...MISTAKES.notJson, path: '$', received: 'values that are nested without end', allowed: 'JSON' }] };
  }
  if (root && errors.length === 0) return { value: JSON.parse(text), root };
  // The parser says of a trailing comma that the key is missing, and the value too.
  const first = errors.filter(({ offset }, index) => errors.findIndex((other) => other.offset === offset) === index);
  const problems = first.map(({ error, offset }): ConfigurationProblem => {
    const before = text.slice(0, offset).split('\n');
    return {
      ...MISTAKES.notJson,
      path: `line ${before.length}, column ${before.at(-1)!.length + 1}`,
      received: `${JSON.stringify(text.slice(offset, offset + 20))} (${printParseErrorCode(error)})`,
      allowed: 'JSON without comments and trailing commas',
    };
  });
  return { problems };
}

/** The parser goes down as deep as the text does. */
function treeOf(text: string, errors: ParseError[]): Node | 'too deep' | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  } catch (error) {
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
}

/** Keys that `JSON.parse` would hide. Like it, this looks into the last value of a key only. */
export function repeatedKeys(node: Node, at: Path = []): Finding[] {
  const children = node.children ?? [];
  if (node.type === 'array') return children.flatMap((child, index) => repeatedKeys(child, [...at, index]));
  if (node.type !== 'object') return [];
  const members = children.map(({ children: [key, value] = [] }) => [String(key.value), value] as const);
  return [...new Map(members)].flatMap(([name, value]) => {
    const path = [...at, name];
    const isRepeated = members.filter(([other]) => other === name).length > 1;
    return [...(isRepeated ? [{ ...MISTAKES.repeatedKey, at: path, allowed: 'each key once' }] : []), ...repeatedKeys(value, path)];
  });
}

/** Where in the text a value begins; for one that is missing, where the object begins that lacks it. */
export function offsetOf(root: Node, path: Path): number {
  return findNodeAtLocation(root, [...path])?.offset ?? offsetOf(root, path.slice(0, -1));
}
