/** The look of the page: one column that a phone shows too, in the colours that the reader's system prefers. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1b1f24; --quiet: #57606a; --page: #ffffff; --box: #f6f8fa; --line: #d0d7de;
  --add: #116329; --modify: #7a4a00; --remove: #a40e26; --grave: #a40e26; --focus: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --quiet: #9ea7b3; --page: #0d1117; --box: #161b22; --line: #3d444d;
    --add: #56d364; --modify: #e3b341; --remove: #ff7b72; --grave: #ff7b72; --focus: #79c0ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 60rem;
  color: var(--text); background: var(--page); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.25; margin: 0; }
h1 { font-size: 1.75rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.75rem; }
h3 { font-size: 1rem; }
p { margin: 0.5rem 0; }
code { font: 0.875em/1.5 ui-monospace, Menlo, Consolas, monospace; }
ul { margin: 0.5rem 0 0; padding: 0; list-style: none; }
dl { margin: 1rem 0 0; display: grid; gap: 0.25rem; }
dl div { display: grid; grid-template-columns: 6rem 1fr; }
dt, .type, footer { color: var(--quiet); }
dd { margin: 0; }
.verdict { font-size: 1.25rem; font-weight: 600; }
.risk, details { border: 1px solid var(--line); border-radius: 0.5rem; background: var(--box); padding: 0.75rem 1rem; margin-top: 0.75rem; }
.risk { border-left: 0.375rem solid var(--grave); }
.risk li + li { margin-top: 0.25rem; }
summary { cursor: pointer; }
summary h3 { display: inline; }
summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 4px; border-radius: 0.25rem; }
.changes > li { border-top: 1px solid var(--line); padding: 0.375rem 0; }
.add, .modify, .remove, .wait { display: inline-block; min-width: 5.5rem; font-weight: 600; }
.add { color: var(--add); }
.modify { color: var(--modify); }
.remove, strong { color: var(--remove); }
.values, .all { margin: 0 0 0 5.75rem; }
.values > li + li { margin-top: 0.25rem; }
.all { border: 0; padding: 0; background: none; color: var(--quiet); }
.all .values { margin-left: 1rem; }
.values > li > code, pre { color: var(--quiet); }
del, ins, pre { font: 0.875em/1.5 ui-monospace, Menlo, Consolas, monospace; text-decoration: none; }
pre del, pre ins { font-size: 1em; }
pre { margin: 0.25rem 0 0; padding-left: 0.75rem; border-left: 2px solid var(--line); white-space: pre-wrap; }
del { color: var(--remove); }
ins { color: var(--add); }
footer { margin-top: 2rem; border-top: 1px solid var(--line); }
@media (max-width: 40rem) {
  .values, .all { margin-left: 1rem; }
}
`;
