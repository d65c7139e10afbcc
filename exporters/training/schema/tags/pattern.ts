/** Whether a text matches a pattern in which `*` stands for any characters, none included. Linear in both, whatever they are. */
export type Matches = (text: string) => boolean;

export function isPattern(text: string): boolean {
  return text.includes('*');
}

export function compilePattern(pattern: string): Matches {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  if (parts.length === 1) return (text) => text === pattern;
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  return (text) =>
    text.length >= first.length + last.length &&
    text.startsWith(first) &&
    text.endsWith(last) &&
    holdsInOrder(text, middle, first.length, text.length - last.length);
}

/** The leftmost place of each part leaves most room for the next, so nothing has to be tried twice. */
function holdsInOrder(text: string, parts: readonly string[], from: number, to: number): boolean {
  let at = from;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= to;
}
