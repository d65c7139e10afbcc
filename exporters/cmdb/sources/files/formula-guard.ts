/**
 * A spreadsheet runs a field that begins with one of these signs. So ' is put before it, which spreadsheets show as text; and before any '
 * that stands there already, so that reading takes away exactly what writing put there.
 */
const runs = /^'*[=+\-@\t\r]/;

export function guardFormula(text: string): string {
  return runs.test(text) ? `'${text}` : text;
}

export function unguardFormula(text: string): string {
  return text.startsWith("'") && runs.test(text) ? text.slice(1) : text;
}
