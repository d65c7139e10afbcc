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

/** One matcher in its parts. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** Reads what this file writes. */
export function parseMatcher(text: string): Matcher {
  const [, label, operator, value] = /^([a-zA-Z_]\w*)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"$/.exec(text) ?? [];
  if (label === undefined || value === undefined || !isOperator(operator)) throw new RangeError(`no matcher: ${text}`);
  return { label, operator, value: value.replaceAll(/\\(.)/g, '$1') };
}

function isOperator(text: string | undefined): text is Matcher['operator'] {
  return text === '=' || text === '!=' || text === '=~' || text === '!~';
}

function anyOf(values: readonly string[]): string {
  return values.map((value) => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
