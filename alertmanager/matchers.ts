/** Which alerts, by label: one value, or any of a list. */
export type Selector = Readonly<Record<string, string | readonly string[]>>;

export function matchersOf(selector: Selector): string[] {
  return Object.entries(selector).map(([label, values]) => {
    if (typeof values === 'string') return `${label}=${quoted(values)}`;
    const [only, ...more] = values;
    return only !== undefined && more.length === 0 ? `${label}=${quoted(only)}` : `${label}=~${quoted(anyOf(values))}`;
  });
}

export function noneOf(label: string, values: readonly string[]): string {
  return `${label}!~${quoted(anyOf(values))}`;
}

export function isSet(label: string): string {
  return `${label}!=""`;
}

export function isUnset(label: string): string {
  return `${label}=""`;
}

function anyOf(values: readonly string[]): string {
  return values.map((value) => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
