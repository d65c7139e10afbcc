const delimiters = [',', ';', '\t'] as const;

/** The one that the first line has most of, outside of quotes; the comma if it has none. */
export function detectDelimiter(head: string): string {
  const line = head.replaceAll(/"(?:[^"]|"")*"/g, '').split(/[\r\n]/, 1)[0] ?? '';
  const counts = delimiters.map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.sort((one, other) => other.count - one.count)[0]?.sign ?? ',';
}
