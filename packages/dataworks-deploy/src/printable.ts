/** Without characters that nobody sees: they could rewrite what stands in a terminal, or turn round what is read. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

const NAMED: Readonly<Record<string, string | undefined>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** With every character that nobody sees, or that looks like a blank, written out: `\n`, `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(/(?! )[\p{C}\p{Z}]/gu, (one) => NAMED[one] ?? `\\u{${one.codePointAt(0)!.toString(16)}}`);
}
