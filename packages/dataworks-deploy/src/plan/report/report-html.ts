import { createHash } from 'node:crypto';
import { Html, html } from './html';
import { reportOf, type Report, type ReportedChange, type ReportedRisk, type ReportedStack } from './report-model';
import { STYLE } from './report-style';
import { visible } from '../../printable';
import type { Plan, PropertyValue } from '../plan';
import { cutValues, inLine, lineChange, linesOf, SAME_TEXT } from './shown-value';

/** In one piece: its hash is that of every character. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** The style is known by its hash: no other one applies, and nothing else is loaded or run. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The report as one page that needs nothing else: no script, no image, no request. The same bytes for the same plan. */
export function htmlReport(plan: Plan): string {
  const report = reportOf(plan);
  const { environment, verdict, stacks } = report;
  const page = html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>Plan for ${environment}: ${verdict}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          <h1>Plan for ${environment}</h1>
          <p class="verdict">${verdict}</p>
          ${facts(report)}
        </header>
        <main>
          ${risksSection(report)}
          <section aria-labelledby="stacks">
            <h2 id="stacks">Stacks</h2>
            ${stacks.map(stackDetails)}
          </section>
        </main>
        ${footer(report)}
      </body>
    </html>`;
  return `${page.text}\n`;
}

function facts({ account, region, commit, state, rollback, digest }: Report): Html {
  const values = { Account: account, Region: region, Commit: commit, State: [state, ...rollback].join('; '), Digest: digest };
  return html`<dl>
    ${Object.entries(values).map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function risksSection({ risks }: Report): Html {
  const labels = [...new Set(risks.map(({ label }) => label))];
  const none = html`<p>
    None of the risks that this version knows: they stand in its README, under “What is marked”. What it does not know, it does not mark:
    the changes below are to be read all the same.
  </p>`;
  return html`<section aria-labelledby="risks">
    <h2 id="risks">To be looked at first (${risks.length})</h2>
    ${labels.length === 0 ? none : labels.map((label) => riskGroup(risks.filter((risk) => risk.label === label)))}
  </section>`;
}

/** Risks of one kind. */
function riskGroup(risks: readonly ReportedRisk[]): Html {
  const [{ label, meaning }] = risks;
  return html`<div class="risk">
    <h3>${label} (${risks.length})</h3>
    <p>${meaning}</p>
    <ul>
      ${risks.map(({ where, reason }) => html`<li><code>${where}</code>: ${reason}</li>`)}
    </ul>
  </div>`;
}

function stackDetails({ name, region, state, counts, changes, others, waits }: ReportedStack): Html {
  const lines = [
    ...changes.map(changeItem),
    ...others.map(({ words, values }) => {
      return html`<li><span class="modify">~ change</span> ${words}${values.length === 0 ? '' : valueList(values)}</li>`;
    }),
    ...waits.map((words) => html`<li><span class="wait">… waits</span> ${words}</li>`),
  ];
  const nothing = html`<p>Nothing changes in it.</p>`;
  return html`<details${new Html(lines.length > 0 ? ' open' : '')}>
<summary><h3>${name}</h3> ${region}: ${state}${counts === '' ? '' : ` (${counts})`}</summary>
${
  lines.length === 0
    ? nothing
    : html`<ul class="changes">
        ${lines}
      </ul>`
}
</details>`;
}

function changeItem({ action, sign, word, type, name, fate, values }: ReportedChange): Html {
  return html`<li>
    <span class="${action}">${sign} ${word}</span> <code>${name}</code> <span class="type">${type}</span>${
      fate.length === 0 ? '' : html` <strong>${fate.join(', ')}</strong>`
    }${values.length === 0 ? '' : action === 'modify' ? valueList(values) : folded(values)}
  </li>`;
}

/** Of what is added or removed as a whole. */
function folded(values: readonly PropertyValue[]): Html {
  return html`<details class="all">
    <summary>${values.length} properties and attributes</summary>
    ${valueList(values)}
  </details>`;
}

function valueList(values: readonly PropertyValue[]): Html {
  return html`<ul class="values">
    ${values.map(({ path, ...value }) => html`<li><code>${path}</code>${valuePart(value)}</li>`)}
  </ul>`;
}

/** More than the largest policy that AWS takes (of a KMS key, 32 KB): each is seen as a whole. */
const SHOWN_LENGTH = 40_000;

/** In one line where that is all, otherwise by line. Nothing of a plan of an earlier version. */
function valuePart(values: Omit<PropertyValue, 'path'>): Html {
  const { from, to } = cutValues(values, SHOWN_LENGTH);
  if (from === undefined && to === undefined) return html``;
  const [before, after] = linesOf({ from, to });
  const note = values.from === values.to ? html`, ${SAME_TEXT}` : html``;
  if (before.length > 1 || after.length > 1) return html`${note}${linePart(before, after)}`;
  if (from === to) return html`: <code>${inLine(from!)}</code>${note}`;
  const old = from === undefined ? [] : [html`<del>${inLine(from)}</del>`];
  const next = to === undefined ? [] : [html`<ins>${inLine(to)}</ins>`];
  return html`: ${[...old, ...(old.length + next.length === 2 ? [html`→`] : []), ...next]}`;
}

function linePart(before: readonly string[], after: readonly string[]): Html {
  const { head, removed, added, tail } = lineChange(before, after);
  const marked = (sign: string, lines: readonly string[]) => lines.map((line) => html`${`${sign} ${visible(line)}`}`);
  const lines = [
    ...marked(' ', head),
    ...(removed.length === 0 ? [] : [html`<del>${marked('-', removed)}</del>`]),
    ...(added.length === 0 ? [] : [html`<ins>${marked('+', added)}</ins>`]),
    ...marked(' ', tail),
  ];
  return html`<pre>${lines}</pre>`;
}

/** The page proves nothing: it is no part of what the digest is made of. */
function footer({ environment, digest }: Report): Html {
  return html`<footer>
    <p>To read it again, after every file of the plan was verified: <code>dataworks show ${environment} ${digest}</code></p>
    <p>To approve exactly this: <code>dataworks approve ${environment} ${digest}</code></p>
  </footer>`;
}
