import { conditionKey } from './condition-keys';
import type { Context } from './context';

/** A part of a policy string: as written, where wildcards count, or put in for a variable, where they do not. */
interface Piece {
  readonly text: string;
  readonly literal: boolean;
}

const VARIABLE = /\$\{([^}]*)\}/g;
const SPECIAL = ['*', '?', '$'];

/** By pattern: a table of thousands of rows asks for the same few hundred again and again. */
const ACTIONS = new Map<string, RegExp>();
const ARNS = new Map<string, RegExp>();

/** @throws when a variable of the text is malformed, unknown or multivalued */
export function checkVariables(text: string): void {
  for (const [whole, name] of text.matchAll(VARIABLE)) {
    if (SPECIAL.includes(name)) continue;
    if (conditionKey(variable(name).key).multivalued) {
      throw new Error(`Policy variable ${whole} names a multivalued key, which AWS does not replace.`);
    }
  }
  if (text.replace(VARIABLE, '').includes('${')) throw new Error(`Unclosed policy variable in '${text}'.`);
}

/** Whether the text, its variables replaced, is the value. */
export function equals(text: string, value: string, context: Context): boolean {
  return replaced(text, context) === value;
}

/** Like `equals`, for either case. */
export function equalsIgnoringCase(text: string, value: string, context: Context): boolean {
  return replaced(text, context)?.toLowerCase() === value.toLowerCase();
}

/** Whether the text, its variables replaced, matches the value, where `*` and `?` stand for any characters. */
export function like(text: string, value: string, context: Context): boolean {
  const pieces = expand(text, context);
  return (
    pieces !== undefined &&
    new RegExp(`^${pieces.map(({ text: part, literal }) => (literal ? escape(part) : wildcards(part))).join('')}$`, 's').test(value)
  );
}

/**
 * Like `like`, for ARNs: a wildcard stays within its segment, of which there are six.
 *
 * The last one, the resource, may contain colons and slashes, and a wildcard there matches them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnLike(text: string, value: string, context: Context): boolean {
  if (!text.includes('$')) return remembered(ARNS, text, () => arnExpression([{ text, literal: false }])).test(value);
  const pieces = expand(text, context);
  return pieces !== undefined && arnExpression(pieces).test(value);
}

function arnExpression(pieces: readonly Piece[]): RegExp {
  let colons = 0;
  const expression = pieces.flatMap(({ text: part, literal }) =>
    part.split(/(:)/).map((segment) => {
      if (segment === ':') colons += 1;
      return literal ? escape(segment) : wildcards(segment, colons < 5 ? '[^:]' : '.');
    }),
  );
  return new RegExp(`^${expression.join('')}$`, 's');
}

/** Whether the pattern matches the action; neither has a case. */
export function actionLike(pattern: string, action: string): boolean {
  return remembered(ACTIONS, pattern, () => new RegExp(`^${wildcards(pattern)}$`, 'i')).test(action);
}

function remembered(expressions: Map<string, RegExp>, pattern: string, make: () => RegExp): RegExp {
  const expression = expressions.get(pattern) ?? make();
  expressions.set(pattern, expression);
  return expression;
}

function replaced(text: string, context: Context): string | undefined {
  return expand(text, context)
    ?.map((piece) => piece.text)
    .join('');
}

/** @returns undefined when a variable has no value in the request: then nothing is equal or like the text */
function expand(text: string, context: Context): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const value = valueOf(match[1], context);
    if (value === undefined) return undefined;
    pieces.push({ text: text.slice(end, match.index), literal: false }, { text: value, literal: true });
    end = match.index + match[0].length;
  }
  return [...pieces, { text: text.slice(end), literal: false }];
}

function valueOf(name: string, context: Context): string | undefined {
  if (SPECIAL.includes(name)) return name;
  const { key, otherwise } = variable(name);
  const value = context.get(key)?.[0];
  // AWS does not document whether a wildcard in a value (a tag, for instance) counts as one.
  if (value && /[*?]/.test(value)) throw new Error(`The value '${value}' of the policy variable \${${name}} contains a wildcard.`);
  return value ?? otherwise;
}

/** Splits `key` or `key, 'default'`. */
function variable(name: string): { readonly key: string; readonly otherwise?: string } {
  const parts = /^([^,']+)(?:, '([^']*)')?$/.exec(name);
  if (!parts) throw new Error(`Malformed policy variable \${${name}}.`);
  return { key: parts[1], otherwise: parts[2] };
}

function wildcards(text: string, any = '.'): string {
  return escape(text).replaceAll('\\*', `${any}*`).replaceAll('\\?', any);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
