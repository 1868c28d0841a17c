import { printable } from '../../printable';

/** Text that is HTML already: nothing but `html` makes it, so that nothing gets into a page without being escaped. */
export class Html {
  public constructor(public readonly text: string) {}
}

type Part = string | number | Html | readonly Html[];

/** A piece of HTML. What stands in its gaps is text, and is escaped, unless it is a piece itself. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(fixed.map((piece, index) => piece + (index < parts.length ? textOf(parts[index]) : '')).join(''));
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('\n');
  return escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
