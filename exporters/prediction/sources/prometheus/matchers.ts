/** name="value" with whatever the value holds. */
export function equals(name: string, value: string): string {
  return `${name}=${JSON.stringify(value)}`;
}

/** name=~"a|b", anchored by PromQL itself; the values are taken as they are. */
export function oneOfValues(name: string, values: readonly string[]): string {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return equals(name, only);
  return `${name}=~${JSON.stringify(values.map(escaped).join('|'))}`;
}

function escaped(value: string): string {
  return value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** A selector of a metric, without braces where there are no matchers. */
export function selectorOf(metric: string, matchers: readonly string[]): string {
  const all = matchers.filter((each) => each !== '');
  return all.length === 0 ? metric : `${metric}{${all.join(',')}}`;
}
