/** Several values in one field, with | between them; a | or \ within a value has \ before it. */
export function joinList(values: readonly string[]): string {
  return values.map((value) => value.replaceAll(/[\\|]/g, (sign) => `\\${sign}`)).join('|');
}

export function splitList(text: string): readonly string[] {
  const values: string[] = [];
  let value = '';
  for (const [part, escaped] of text.matchAll(/\\(.)|\||[^\\|]+|\\$/gs)) {
    if (part === '|') {
      values.push(value);
      value = '';
    } else value += escaped ?? part;
  }
  return [...values, value];
}
