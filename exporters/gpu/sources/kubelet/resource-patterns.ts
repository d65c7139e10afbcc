/** Whether a resource name is one of the wanted; a pattern with * at its end matches any rest. */
export function resourceMatcher(patterns: readonly string[]): (resource: string) => boolean {
  const exact = new Set(patterns);
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (resource) => exact.has(resource) || prefixes.some((prefix) => resource.startsWith(prefix));
}
