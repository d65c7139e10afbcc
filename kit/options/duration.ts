const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g;
export const durationPattern = '^(\\d+(\\.\\d+)?(ms|s|m|h|d|w))+$';

/** Seconds of a duration such as 500ms, 5s or 1h30m; undefined if the text is none. */
export function parseDuration(text: string): number | undefined {
  if (!new RegExp(durationPattern).test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(part)) {
    seconds += Number(amount) * unitSeconds[unit as keyof typeof unitSeconds];
  }
  return seconds;
}

/** Seconds of a duration that is known to be well formed, such as a default in an option table. */
export function seconds(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new RangeError(`"${text}" is no duration`);
  return value;
}
