import type { ValueUnit } from '../quantity-series.ts';

/** Like 1.5 GiB. */
export function formatBytes(bytes: number): string {
  return withPrefix(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
}

/** Like 1.25 s, 320 ms or 3 h 20 min. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return formatNumber(seconds);
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  if (size > 0 && size < 1) return `${sign}${formatNumber(size * 1000)} ms`;
  if (size < 60) return `${sign}${formatNumber(size)} s`;
  const whole = Math.round(size);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return sign + shown.map(([count, unit]) => `${count.toLocaleString('en')} ${unit}`).join(' ');
}

/** Four figures, thousands parted. */
export function formatNumber(value: number, figures = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '-infinite';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toLocaleString('en');
  if (size < 1e-3 || size >= 1e15) return withoutZeros(value.toExponential(figures - 1));
  if (size >= 10 ** (figures - 1)) return Math.round(value).toLocaleString('en');
  return withoutZeros(value.toPrecision(figures));
}

/** Of whole steps. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function formatValue(value: number, unit: ValueUnit): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  switch (unit) {
    case 'seconds':
      return formatSeconds(value);
    case 'bytes':
      return formatBytes(value);
    case 'ratio':
      return `${formatNumber(value * 100, 3)} %`;
    case 'flops':
      return withPrefix(value, 1000, ['FLOP/s', 'kFLOP/s', 'MFLOP/s', 'GFLOP/s', 'TFLOP/s', 'PFLOP/s', 'EFLOP/s']);
    case 'none':
      return formatNumber(value);
  }
}

/** In UTC, without fractions. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'unknown' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function formatAge(seconds: number): string {
  return seconds < -1
    ? `${formatSeconds(-seconds)} in the future`
    : `${formatSeconds(Math.max(0, Math.round(seconds)))} ago`;
}

function withPrefix(value: number, step: number, units: readonly string[]): string {
  let scaled = value;
  let at = 0;
  while (Math.abs(scaled) >= step && at < units.length - 1) {
    scaled /= step;
    at++;
  }
  return `${at === 0 ? formatNumber(scaled) : formatNumber(scaled, Math.abs(scaled) >= 1000 ? 4 : 3)} ${units[at]}`;
}

function withoutZeros(text: string): string {
  return text
    .replace(/(\.\d*?)0+(?=$|e)/, '$1')
    .replace(/\.(?=$|e)/, '')
    .replace('e+', 'e');
}
