import type { DataFrame } from '@grafana/data';
import { type Sample, samplesOf } from '../../../scenes/samples';
import { type Figure, unusualScore } from '../figures';

/** One tenant, in one currency; what is not known is missing. */
export interface TenantRow {
  readonly tenant: string;
  readonly currency: string;
  readonly cost: number;
  readonly expected: number | undefined;
  readonly idle: number | undefined;
  /** Of the budget that is fullest. */
  readonly budgetUsed: number | undefined;
  /** Of the last 30 days against the 30 days before. */
  readonly change: number | undefined;
  readonly isUnusual: boolean;
}

export function tenantRows(frames: readonly DataFrame[]): readonly TenantRow[] {
  const of = (figure: Figure) => samplesOf(frames, figure);
  const [expected, idle, change] = [byCurrency(of('expected')), byCurrency(of('idle')), byCurrency(of('change'))];
  const budgets = largestByTenant(of('budgetUsed'));
  const scores = largestByTenant(of('score'));
  // A series whose tenant is called otherwise would be a line without a name.
  const named = of('cost').filter(({ labels }) => (labels.tenant ?? '') !== '');
  return named.map(({ labels: { tenant = '', currency = '' }, value: cost }) => {
    const key = keyOf(tenant, currency);
    return {
      tenant,
      currency,
      cost,
      expected: expected.get(key),
      idle: idle.get(key),
      budgetUsed: budgets.get(tenant),
      change: change.get(key),
      isUnusual: (scores.get(tenant) ?? 0) > unusualScore,
    };
  });
}

export type Column = 'tenant' | 'cost' | 'expected' | 'idle' | 'budgetUsed' | 'change';

/** What is not known comes last, whichever way. */
export function sorted(rows: readonly TenantRow[], column: Column, isDescending: boolean): readonly TenantRow[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [one, other] = [a[column], b[column]];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    return sign * (typeof one === 'number' ? one - Number(other) : one.localeCompare(String(other)));
  });
}

/** Sums by currency: amounts in two currencies are never added up. */
export function totals(rows: readonly TenantRow[], column: 'cost' | 'expected' | 'idle'): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const value = row[column];
    if (value !== undefined) sums.set(row.currency, (sums.get(row.currency) ?? 0) + value);
  }
  return sums;
}

const keyOf = (tenant: string, currency: string) => JSON.stringify([tenant, currency]);

function byCurrency(samples: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map(samples.map(({ labels, value }) => [keyOf(labels.tenant ?? '', labels.currency ?? ''), value]));
}

function largestByTenant(samples: readonly Sample[]): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (const { labels, value } of samples) {
    const tenant = labels.tenant ?? '';
    largest.set(tenant, Math.max(value, largest.get(tenant) ?? Number.NEGATIVE_INFINITY));
  }
  return largest;
}
