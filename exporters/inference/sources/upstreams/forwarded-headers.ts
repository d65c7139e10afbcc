/** Of one connection and not of the message (RFC 9110, section 7.6.1), as far as clients and servers still send them. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Node's list of names and values by turns, without those of the connection, those that it names, and those given. */
export function endToEnd(rawHeaders: readonly string[], without: ReadonlySet<string>): string[] {
  const named = new Set(namedByConnection(rawHeaders));
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || named.has(lower) || without.has(lower)) continue;
    kept.push(name, rawHeaders[index + 1] ?? '');
  }
  return kept;
}

function namedByConnection(rawHeaders: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== 'connection') continue;
    names.push(...(rawHeaders[index + 1] ?? '').split(',').map((name) => name.trim().toLowerCase()));
  }
  return names;
}
