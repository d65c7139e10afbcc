/**
 * A text that a spreadsheet would run as a formula gets an apostrophe in front. Numbers keep their sign. For files that people open;
 * programs that read them want the text as it is.
 */
export function guarded(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  return !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
