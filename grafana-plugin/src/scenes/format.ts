import { formattedValueToString, getValueFormat } from '@grafana/data';

/** A value as Grafana writes it, such as `65 °C` for (65, 'celsius'). Missing is a dash. */
export function formatted(value: number | undefined, unit: string, decimals?: number): string {
  return value === undefined ? '–' : formattedValueToString(getValueFormat(unit)(value, decimals));
}

/** An amount as read from Prometheus: to look at, not to bill by. A currency that nobody knows is written behind it. */
export function amount(value: number, currency: string): string {
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: 0 }).format(value);
  } catch {
    return `${Math.round(value)} ${currency}`;
  }
}

/** How long ago, or how long, in words such as `3 min`. */
export function lasting(seconds: number | undefined): string {
  return formatted(seconds, 's', 0);
}
