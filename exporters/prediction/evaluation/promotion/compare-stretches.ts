import type { Moments } from '../../labels/moments.ts';
import { brier } from '../calibration/brier.ts';
import { daysOf } from '../days.ts';
import type { PrequentialRun, ScoredStretch } from '../prequential/prequential.ts';
import { averagePrecision } from '../ranking/average-precision.ts';
import { precisionAt } from '../ranking/precision-at.ts';
import { pairedTest } from './paired-test.ts';
import {
  type ComparedMetric,
  type Comparison,
  comparedMetrics,
  type PromotionRule,
  type StretchEvidence,
} from './promotion.ts';

interface Runs {
  readonly moments: Moments;
  readonly labels: Uint8Array;
  readonly rate: PrequentialRun;
  readonly learned: PrequentialRun;
}

/** Stretches that both scored. Ranking is judged where something failed, calibration everywhere. */
export function evidenceOf({ moments, labels, rate, learned }: Runs, perDay: number): readonly StretchEvidence[] {
  return rate.stretches.flatMap((own, index) => {
    const other = learned.stretches[index];
    if (own.scores === undefined || other?.scores === undefined || own.rows.length === 0) return [];
    return [
      {
        fromMs: own.fromMs,
        untilMs: own.untilMs,
        rows: own.rows.length,
        failed: [...own.rows].filter((row) => labels[row] === 1).length,
        rate: metricsOf(own, moments, labels, perDay),
        learned: metricsOf(other, moments, labels, perDay),
      },
    ];
  });
}

function metricsOf(
  { rows, scores: own }: ScoredStretch,
  moments: Moments,
  labels: Uint8Array,
  perDay: number,
): Readonly<Record<ComparedMetric, number | null>> {
  const scores = new Float64Array(labels.length);
  for (const [index, row] of rows.entries()) scores[row] = own?.[index] ?? Number.NaN;
  const area = averagePrecision(scores, labels, rows) ?? null;
  return {
    average_precision: area,
    brier: brier(scores, labels, rows) ?? null,
    precision_at_k: area === null ? null : (precisionAt(perDay, scores, labels, daysOf(moments, rows)) ?? null),
  };
}

export function compareStretches(stretches: readonly StretchEvidence[], rule: PromotionRule): readonly Comparison[] {
  return comparedMetrics.map((metric) => {
    const pairs = stretches.flatMap(({ rate, learned }) => {
      const [own, other] = [rate[metric], learned[metric]];
      return own === null || other === null ? [] : [{ own, other }];
    });
    const [rate, learned] = [meanOf(pairs.map(({ own }) => own)), meanOf(pairs.map(({ other }) => other))];
    const sign = metric === 'brier' ? -1 : 1;
    const { mean, lowerBound } = pairedTest(pairs.map(({ own, other }) => sign * (other - own)));
    const floor = rule.margins[metric] === 0 ? 0 : -rule.margins[metric];
    const isBetter = mean > 0 && (floor === 0 ? lowerBound > 0 : lowerBound >= floor);
    return { metric, rate, learned, gain: mean, lowerBound: Math.max(-Number.MAX_VALUE, lowerBound), floor, isBetter };
  });
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
