const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of a duration with one unit, such as `5m`. */
export function secondsOf(duration: string): number {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(duration) ?? [];
  const value = Number(count) * (seconds[unit] ?? Number.NaN);
  if (Number.isNaN(value)) throw new Error(`a duration such as 5m was expected, not ${duration}`);
  return value;
}

export function scaledDuration(duration: string, factor: number): `${number}s` {
  return `${Math.round(secondsOf(duration) * factor)}s`;
}
