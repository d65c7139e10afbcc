/** Markup that is safe to put into a page. Made by `html` alone. */
export interface Markup {
  readonly markup: string;
}

type Piece = Markup | string | number | undefined | readonly Piece[];

/** A template of markup: what is put in is escaped, unless it is markup itself. Lists are joined; undefined is nothing. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const parts = strings.map((text, index) => `${text}${index < pieces.length ? written(pieces[index]) : ''}`);
  return { markup: parts.join('') };
}

function written(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece));
  if ('markup' in piece) return piece.markup;
  return piece.map(written).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, and those that turn the direction of what follows, are shown as a box. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (each) => entities[each] ?? '')
    .replaceAll(/[\p{Cc}\p{Cs}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu, '\u{fffd}');
}
