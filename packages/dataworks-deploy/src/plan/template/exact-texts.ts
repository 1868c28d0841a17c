import { isObject, type Json } from './stack-template';

/**
 * Before what looks like a number: the CDK's comparison takes `16.1` for `16.10`, an empty text for zero, and two numbers of which only the
 * last of many digits differ for one. CloudFormation compares texts.
 */
const MARK = '#';

/** With every number as the text that CloudFormation makes of it, and nothing that the CDK's comparison would take for a number. */
export function withExactTexts(value: Json): Json {
  return mapped(value, (text) => (text.startsWith(MARK) || !Number.isNaN(Number(text)) ? `${MARK}${text}` : text));
}

/** The texts as they were; numbers stay texts. */
export function withoutMarks(value: Json): Json {
  return mapped(value, (text) => (text.startsWith(MARK) ? text.slice(MARK.length) : text));
}

function mapped(value: Json, text: (one: string) => string): Json {
  if (typeof value === 'string' || typeof value === 'number') return text(String(value));
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => mapped(one, text));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapped(member, text)]));
}
