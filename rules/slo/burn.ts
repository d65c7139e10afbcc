import type { Expr, Parameter, PlainMetric } from '../../metrics/promql.ts';
import { promql } from '../../metrics/promql.ts';
import { thresholds } from '../thresholds.ts';
import type { Window } from './objective.ts';

/**
 * The four pairs of windows of the SRE Workbook, chapter "Alerting on SLOs". The long window says that it matters, the short one that it
 * still goes on.
 */
export interface BurnLevel {
  readonly name: 'Fast' | 'Mid' | 'Slow' | 'VerySlow';
  readonly long: Window;
  readonly longHours: number;
  readonly short: Window;
  readonly shortMinutes: number;
  /** Share of the budget that is gone when the alert fires, if all was well before. */
  readonly share: number;
  readonly for: Window;
  readonly forMinutes: number;
  readonly pages: boolean;
  /** Times the rate that uses up the budget of thirty days in just this time. */
  readonly rate: Parameter;
}

export const burnLevels: readonly BurnLevel[] = [
  {
    name: 'Fast',
    long: '1h',
    longHours: 1,
    short: '5m',
    shortMinutes: 5,
    share: 0.02,
    for: '2m',
    forMinutes: 2,
    pages: true,
    rate: thresholds.sloBurnFastRatio,
  },
  {
    name: 'Mid',
    long: '6h',
    longHours: 6,
    short: '30m',
    shortMinutes: 30,
    share: 0.05,
    for: '15m',
    forMinutes: 15,
    pages: true,
    rate: thresholds.sloBurnMidRatio,
  },
  {
    name: 'Slow',
    long: '1d',
    longHours: 24,
    short: '2h',
    shortMinutes: 120,
    share: 0.1,
    for: '1h',
    forMinutes: 60,
    pages: false,
    rate: thresholds.sloBurnSlowRatio,
  },
  {
    name: 'VerySlow',
    long: '3d',
    longHours: 72,
    short: '6h',
    shortMinutes: 360,
    share: 0.1,
    for: '3h',
    forMinutes: 180,
    pages: false,
    rate: thresholds.sloBurnVerySlowRatio,
  },
];

const usualPeriodDays = 30;

/**
 * The windows stay, so that recorded series have the same names for each objective; for another period the rate is set such that an alert
 * still stands for its share of the budget. Below 1 nothing would be used up too soon.
 */
export function burnRate({ rate, share, longHours }: BurnLevel, periodDays: number): Parameter | number {
  if (periodDays === usualPeriodDays) return rate;
  return Math.max(1, Number(((share * periodDays * 24) / longHours).toFixed(3)));
}

export interface Burning {
  readonly long: PlainMetric | Expr;
  readonly short: PlainMetric | Expr;
  /** Events in the long window. */
  readonly events: PlainMetric | Expr;
  /** Highest share of bad events that is still quiet. */
  readonly limit: Expr;
  readonly minimum: { readonly events: Parameter | number; readonly bad: Parameter | number };
}

/** Few events, or few bad ones, make a ratio that nobody should be woken for. */
export function burning({ long, short, events, limit, minimum }: Burning): Expr {
  return promql`${long} > ${limit}
and
${short} > ${limit}
and
${events} >= ${minimum.events}
and
${long} * ${events} >= ${minimum.bad}`;
}

/** Minutes after which a total outage has set off the fast alert: so long may the series be away. */
export function outageMinutes(objective: number, periodDays: number): number {
  const [fast] = burnLevels;
  if (fast === undefined) throw new Error('there is no level');
  const rate = burnRate(fast, periodDays);
  const minutes = 60 * fast.longHours * (typeof rate === 'number' ? rate : rate.value) * (1 - objective);
  return Math.min(60, Math.max(5, Math.ceil(minutes)));
}
