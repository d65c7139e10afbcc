/** A spreadsheet runs a field that begins with one of these signs; with ' before it, it shows it as text. */
const runs = /^[=+\-@\t\r]/;
const isNumber = /^-?\d+(\.\d+)?$/;

/** A line of RFC 4180 with its line end. Some fields come from labels that others have set. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(text: string): string {
  const guarded = runs.test(text) && !isNumber.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
