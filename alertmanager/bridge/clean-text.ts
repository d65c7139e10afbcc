/** Characters that write nothing: controls but for tab and newline, marks that turn the direction of writing, and the byte order mark. */
const invisible = /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A text of an alert as it may stand in a message: without what could hide or turn around what is written, cut at `max` UTF-16 units with a sign that it was.
 * Right-to-left letters themselves stay.
 */
export function cleanText(text: string, max: number): string {
  // Cut first: an annotation may be a megabyte, and what is beyond is not looked at.
  const isLonger = text.length > max * 2;
  const clean = text
    .slice(0, max * 2)
    .replaceAll('\r\n', '\n')
    .replaceAll(invisible, '')
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .trim();
  if (clean.length <= max) return isLonger ? `${clean}…` : clean;
  return `${clean.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The same in one line. */
export function cleanLine(text: string, max: number): string {
  return cleanText(text.slice(0, max * 4).replaceAll(/\s+/gu, ' '), max);
}
