/** A text, or one in which each * stands for any characters, also none. */
export interface Glob {
  readonly text: string;
  readonly isExact: boolean;
  /** How many characters it fixes: of two that match, the one with more says it more exactly. */
  readonly weight: number;
  readonly matches: (value: string) => boolean;
}

export function globOf(text: string): Glob {
  if (!text.includes('*')) return { text, isExact: true, weight: text.length, matches: (value) => value === text };
  const parts = text.split('*');
  const weight = text.length - parts.length + 1;
  return { text, isExact: false, weight, matches: (value) => matchesParts(value, parts) };
}

/** Without regular expressions: takes time in proportion to the text, whatever the pattern. */
function matchesParts(value: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  let from = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const at = value.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
