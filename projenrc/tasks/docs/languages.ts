import { readFileSync } from 'node:fs';

/** What jsii-rosetta writes: translations by language, of every example. */
interface Tablet {
  readonly snippets: Readonly<Record<string, Snippet>>;
}

interface Snippet {
  readonly location: { readonly api: { readonly api: string }; readonly field?: { readonly line?: number } };
  readonly translations: Readonly<Record<string, { readonly source: string }>>;
}

/** Go is not among them: what rosetta writes there does not compile. */
const LANGUAGES = { python: 'Python', java: 'Java', csharp: 'C#' };

/** The first example of the README of the package in the working directory, in other languages. */
export function firstExample(): string {
  const { snippets } = JSON.parse(readFileSync('.jsii.tabl.json', 'utf8')) as Tablet;
  const [first] = Object.values(snippets)
    .filter(({ location }) => location.api.api === 'moduleReadme')
    .sort((one, other) => (one.location.field?.line ?? 0) - (other.location.field?.line ?? 0));
  return Object.entries(LANGUAGES)
    .map(([language, name]) => `${name}:\n\n\`\`\`${language}\n${first.translations[language].source.replace(/\n{3,}/g, '\n\n')}\n\`\`\``)
    .join('\n\n');
}
