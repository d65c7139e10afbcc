import type { Letter, Line, Link } from '../letter/letter.ts';

/** How a maker writes bold text and links, and how text of strangers is kept from being either. */
export interface Markup {
  readonly escape: (text: string) => string;
  readonly strong: (escaped: string) => string;
  readonly link: (label: string, url: string) => string;
  /** Between two lines of a section, and between two sections. */
  readonly lineBreak: string;
  readonly sectionBreak: string;
}

export function titleMarkup({ tag, subject }: Letter, markup: Markup): string {
  return `${tag} ${markup.escape(subject)}`;
}

export function bodyMarkup(letter: Letter, markup: Markup): string {
  return letter.sections
    .map((lines) => lines.map((line) => lineMarkup(line, markup)).join(markup.lineBreak))
    .join(markup.sectionBreak);
}

export function linksMarkup(links: readonly Link[], markup: Markup, separator = ' · '): string {
  return links.map(({ label, url }) => markup.link(markup.escape(label), url)).join(separator);
}

function lineMarkup(line: Line, markup: Markup): string {
  return line
    .map(({ text, strong, url }) => {
      const escaped = markup.escape(text);
      if (url !== undefined) return markup.link(escaped, url);
      return strong ? markup.strong(escaped) : escaped;
    })
    .join('');
}
