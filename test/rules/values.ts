/** What is done to each value: multiplied by a number, a number added, or put in its place. */
export type Change = `${'*' | '+' | '='} ${number}`;

/** Values in the notation of promtool, such as `70 85x5` and `0+30x10`, changed; what is no number stays. */
export function changedValues(values: string, change: Change | undefined): string {
  if (change === undefined) return values;
  const [how = '', by = ''] = change.split(' ');
  return values
    .split(/\s+/)
    .map((token) => changedToken(token, how, Number(by)))
    .join(' ');
}

function changedToken(token: string, how: string, by: number): string {
  const [, first, sign, step, count = ''] =
    /^(-?[\d.]+(?:e[+-]?\d+)?)(?:([+-])([\d.]+(?:e[+-]?\d+)?))?(x\d+)?$/.exec(token) ?? [];
  if (first === undefined) return token;
  if (how === '=') return `${by}${count}`;
  const slope = step === undefined ? '' : `${sign}${how === '*' ? product(step, by) : step}`;
  return `${how === '*' ? product(first, by) : sum(first, by)}${slope}${count}`;
}

function product(number: string, by: number): number {
  return exact(Number(number) * by);
}

function sum(number: string, by: number): number {
  return exact(Number(number) + by);
}

function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** Each value by itself: `0+30x2 _` is 0, 30, 60 and none. */
export function eachValue(values: string): readonly string[] {
  return values.split(/\s+/).flatMap((token) => {
    const [, none, repeated] = /^(_|stale)(?:x(\d+))?$/.exec(token) ?? [];
    if (none !== undefined) return Array.from({ length: Number(repeated ?? 1) }, () => none);
    const [, first = token, sign, step = '0', count = '0'] =
      /^(-?[\d.]+(?:e[+-]?\d+)?)(?:([+-])([\d.]+(?:e[+-]?\d+)?))?(?:x(\d+))?$/.exec(token) ?? [];
    const by = Number(step) * (sign === '-' ? -1 : 1);
    return Array.from({ length: Number(count) + 1 }, (_, index) =>
      index === 0 ? first : String(exact(Number(first) + by * index)),
    );
  });
}
