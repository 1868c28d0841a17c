/** Without characters that nobody sees: they could rewrite what stands in a terminal, or turn round what is read. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
