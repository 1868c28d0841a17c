/** Values of a plan, as short as they can be read. */
import { visible } from '../../printable';
import type { PropertyValue } from '../plan';

export type Values = Pick<PropertyValue, 'from' | 'to'>;

/** How much of a long value stands before the first difference. */
const BEFORE = 20;

/** Both values, cut where they are longer than so many characters: so that the first difference is in what is left. */
export function cutValues({ from, to }: Values, length: number): Values {
  const start = from === to ? 0 : Math.max(0, sameStart(from ?? '', to ?? '') - BEFORE);
  const cut = (text: string) => {
    if (text.length <= length) return text;
    const end = Math.min(start + length, text.length);
    return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''} (${text.length} characters)`;
  };
  return { ...(from !== undefined && { from: cut(from) }), ...(to !== undefined && { to: cut(to) }) };
}

/** How much two texts, or two lists, have in common before they differ. */
function sameStart(one: ArrayLike<string>, other: ArrayLike<string>): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

/** In one line, in which every character is seen. */
export function inLine(text: string): string {
  return /^$|^\s|\s$/u.test(text) ? `"${visible(text)}"` : visible(text);
}

/** Same text, but what it refers to may be another value: a parameter, something that is replaced, what another stack makes. */
export const SAME_TEXT = 'whose value may change';

/** `30 -> 7` in one line, or the only one of the two. */
export function valueLine(values: Values, length: number): string {
  const { from, to } = cutValues(values, length);
  if (from === undefined || to === undefined) return inLine(to ?? from ?? '');
  return values.from === values.to ? `${inLine(from)}, ${SAME_TEXT}` : `${inLine(from)} -> ${inLine(to)}`;
}

/** Lines of both values: JSON with indentation, if both are JSON in its shortest notation, so that nothing gets lost by it. */
export function linesOf({ from, to }: Values): [from: string[], to: string[]] {
  const texts = [from, to].filter((text) => text !== undefined);
  const isJson = texts.every((text) => /^[{[]/.test(text) && JSON.stringify(parsed(text)) === text);
  const lines = (text: string | undefined) => {
    if (text === undefined) return [];
    return (isJson ? JSON.stringify(parsed(text), undefined, 2) : text).split('\n');
  };
  return [lines(from), lines(to)];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines of which the first and the last ones are the same. */
export interface LineChange {
  readonly head: readonly string[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly tail: readonly string[];
}

/** Two texts, by line: what is between the lines that they begin with and those that they end with. */
export function lineChange(from: readonly string[], to: readonly string[]): LineChange {
  const head = sameStart(from, to);
  const tail = sameStart(from.slice(head).reverse(), to.slice(head).reverse());
  return {
    head: from.slice(0, head),
    removed: from.slice(head, from.length - tail),
    added: to.slice(head, to.length - tail),
    tail: from.slice(from.length - tail),
  };
}
