import type { Horizon } from '../../horizon.ts';
import type { Incident } from '../../labels/incident.ts';
import type { Moments } from '../../labels/moments.ts';
import { labelledIncidents } from '../alerts/incident-recall.ts';
import type { PrequentialRun } from '../prequential/prequential.ts';
import { judgedRows } from '../scored.ts';
import { compareStretches, evidenceOf } from './compare-stretches.ts';
import { type Comparison, defaultPromotionRule, type PromotionDecision, type PromotionRule } from './promotion.ts';

export interface DecisionInput {
  readonly moments: Moments;
  readonly labels: Uint8Array;
  readonly horizon: Horizon;
  readonly incidents: readonly Incident[];
  /** Of the rate model and of the candidate, over the same stretches. */
  readonly rate: PrequentialRun;
  readonly learned: PrequentialRun;
  readonly rule?: PromotionRule | undefined;
}

/** The learned model is used only where there are enough incidents and it is better than the rate model in all that is compared. */
export function decidePromotion(input: DecisionInput): PromotionDecision {
  const { moments, labels, horizon, incidents, rate, learned, rule = defaultPromotionRule } = input;
  const labelled = labelledIncidents({ moments, incidents, horizon }, allLabelled(labels)).length;
  const stretches = evidenceOf({ moments, labels, rate, learned }, rule.perDay);
  const comparisons = compareStretches(stretches, rule);
  const withFailures = stretches.filter(({ failed }) => failed > 0).length;
  const against = [
    ...(labelled < rule.incidents
      ? [`${labelled} incidents are labelled; a learned model is considered from ${rule.incidents} on.`]
      : []),
    ...(withFailures < rule.stretches
      ? [
          `Something failed in ${withFailures} stretches that both models scored; ${rule.stretches} are needed to tell skill from luck.`,
        ]
      : []),
    ...comparisons.filter(({ isBetter }) => !isBetter).map(sentenceOf),
  ];
  const chosen = against.length === 0 ? 'learned' : 'rate';
  const reasons = against.length === 0 ? comparisons.map(sentenceOf) : against;
  return { horizon, chosen, candidate: learned.scorer, incidents: labelled, rule, comparisons, stretches, reasons };
}

function allLabelled(labels: Uint8Array): Uint32Array {
  return judgedRows({ labels, scores: new Float64Array(labels.length) });
}

const names = {
  average_precision: 'Average precision',
  brier: 'Brier score',
  precision_at_k: 'Precision at the alert budget',
};

function sentenceOf({ metric, rate, learned, gain, lowerBound, floor, isBetter }: Comparison): string {
  const figures = `${digits(learned)} against ${digits(rate)} of the rate model`;
  if (isBetter) return `${names[metric]} is better: ${figures}.`;
  if (gain <= 0) return `${names[metric]} is not better: ${figures}.`;
  const bound =
    lowerBound === -Number.MAX_VALUE
      ? 'cannot be told from one stretch'
      : `may be as low as ${digits(lowerBound)}, and ${digits(floor)} is allowed`;
  return `${names[metric]} may be better by chance: ${figures}; the gain ${bound}.`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
