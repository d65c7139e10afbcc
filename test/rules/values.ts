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
