/** A line of CSV by RFC 4180. Fields that any reader could split are quoted, also where it takes semicolons or tabs, and a lone empty one. */
export function csvLine(fields: readonly string[], end: '\r\n' | '\n' = '\r\n'): string {
  const [only] = fields;
  const text = fields.length === 1 && only === '' ? '""' : fields.map(quoted).join(',');
  return `${text}${end}`;
}

function quoted(field: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
