/** Parameters, intermediate and final characters of a control sequence, such as colours of 8, 256 or 16 million: ECMA-48, CSI. */
const controlSequence = String.raw`\[[0-?]*[ -/]*[@-~]`;
/** Titles, links and the like: everything up to a bell or the next escape. */
const systemCommand = String.raw`\][^\u0007\u001b]*(?:\u0007|\u001b\\)?`;
const shortEscape = '[ -/]+[0-~]?|[0-Z^-~]';
const escapes = new RegExp(`\u001b(?:${controlSequence}|${systemCommand}|${shortEscape})?`, 'g');

/** The text as it is without what only a terminal understands. */
export function withoutEscapes(text: string): string {
  return text.includes('\u001b') ? text.replace(escapes, '') : text;
}
