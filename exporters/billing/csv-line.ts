/** A line of CSV by RFC 4180: fields with commas, quotes or line ends are quoted; the line ends with CR and LF. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(quoted).join(',')}\r\n`;
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe in front. Numbers keep their sign. For files that people open;
 * programs that read them want the text as it is.
 */
export function guarded(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  return !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
