import { styleText } from 'node:util';

/** What begins a line of a report, or stands in one, and the colour that it has. */
const COLOURS = [
  [/^ *\+(?= )/, 'green'],
  [/^ *~(?= )/, 'yellow'],
  [/^ *-(?= )/, 'red'],
  [/^ {2}[A-Z]+(?: [A-Z]+)?(?= +[^ ]+: )/, 'red'],
  [/, (?:perhaps )?REPLACED(?=,)/, 'red'],
] as const;

/** A report of a plan in the colours of Terraform, where a terminal shows them: not in a pipe, and not with `NO_COLOR`. */
export function coloured(report: string, stream: NodeJS.WritableStream = process.stdout): string {
  const inColour = (line: string) =>
    COLOURS.reduce((text, [pattern, colour]) => text.replace(pattern, (part) => styleText(colour, part, { stream })), line);
  return report.split('\n').map(inColour).join('\n');
}
