/** Two digits that count, so that 0.12 % and 12 % are both told. A fixed number of decimals may be asked for. */
export function percentText(share: number, decimals?: number | null): string {
  const value = share * 100;
  if (typeof decimals === 'number') return `${value.toFixed(decimals)} %`;
  if (value !== 0 && value < 0.001) return '< 0.001 %';
  return `${Math.abs(value) >= 10 ? value.toFixed(0) : Number(value.toPrecision(2))} %`;
}

/** Such as `0.1 – 1.3 %`. */
export function rangeText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${percentText(low).replace(/ %$/, '')} – ${percentText(high)}`;
}

/** Such as `× 12`: of what is usual. */
export function timesText(ratio: number): string {
  return `× ${ratio >= 10 ? ratio.toFixed(0) : Number(ratio.toPrecision(2))}`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** Such as `3 d`, in the largest unit of which there are two, or one of the smallest. */
export function durationText(ms: number): string {
  for (const [unit, length] of units) {
    if (ms >= 2 * length || unit === 'min') return `${Math.max(0, Math.round(ms / length))} ${unit}`;
  }
  return '';
}

/** A reading of any size: at most four digits that count. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

/** The end of a UUID tells GPUs of a fleet apart; the whole is in the tooltip. */
export function shortUuid(uuid: string): string {
  return uuid.length <= 16 ? uuid : `${uuid.slice(0, 12)}…`;
}
