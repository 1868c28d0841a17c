import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { ConfigurationProblem } from './problem';

export interface ParsedJson {
  readonly value: unknown;
  readonly problems: readonly ConfigurationProblem[];
}

/** Strict JSON, but with every syntax error and every duplicate key, which `JSON.parse` would hide. */
export function parseJson(text: string): ParsedJson {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ''), errors, {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  });
  const problems = errors.map(({ error, offset }): ConfigurationProblem => {
    const before = text.slice(0, offset).split('\n');
    return {
      code: 'DW4001',
      path: `line ${before.length}, column ${before.at(-1)!.length + 1}`,
      message: `Not JSON (${printParseErrorCode(error)}).`,
      received: JSON.stringify(text.slice(offset, offset + 20)),
      allowed: 'JSON without comments and trailing commas',
    };
  });
  if (problems.length > 0 || !root) return { value: undefined, problems };
  return { value: JSON.parse(text.replace(/^\uFEFF/, '')), problems: duplicateKeys(root, '$') };
}

function duplicateKeys(node: Node, path: string): ConfigurationProblem[] {
  const children = node.children ?? [];
  if (node.type === 'array') return children.flatMap((child, index) => duplicateKeys(child, `${path}[${index}]`));
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return children.flatMap(({ children: [key, value] = [] }) => {
    const name = String(key.value);
    const at = memberPath(path, name);
    const again = seen.has(name);
    seen.add(name);
    const problem = {
      code: 'DW4002',
      path: at,
      message: 'The key stands here twice; the first one would be ignored.',
      allowed: 'each key once',
    };
    return [...(again ? [problem] : []), ...duplicateKeys(value, at)];
  });
}

/** The JSON path of a member. */
export function memberPath(path: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
