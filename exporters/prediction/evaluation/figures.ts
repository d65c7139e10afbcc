import { horizonMs } from '../horizon.ts';
import type { Outcome } from '../risk/intercept-correction.ts';
import { atOnce, type Steps } from '../steps.ts';
import { alertsAt } from './alerts/alerts-at.ts';
import { type Episodes, falseEpisodes } from './alerts/false-episodes.ts';
import { type IncidentRecall, incidentRecall, labelledIncidents } from './alerts/incident-recall.ts';
import { brier, brierSkill, constantBrier } from './calibration/brier.ts';
import { calibrationError, type ReliabilityBin, reliability } from './calibration/reliability.ts';
import { daysOf } from './days.ts';
import { averagePrecision } from './ranking/average-precision.ts';
import { precisionAt } from './ranking/precision-at.ts';
import { rocArea } from './ranking/roc-area.ts';
import { judgedRows, type Scored } from './scored.ts';

/** At so many alerts a day. */
export interface BudgetFigures extends IncidentRecall, Episodes {
  readonly perDay: number;
  readonly precision: number | undefined;
}

/** How good scores were, at natural prevalence. What cannot be told is undefined. */
export interface Figures {
  readonly rows: number;
  readonly failed: number;
  readonly days: number;
  readonly fromMs: number | undefined;
  /** To the end of the last horizon. */
  readonly untilMs: number | undefined;
  /** failed / rows; what AP is to be compared with. */
  readonly baseRate: number | undefined;
  readonly averagePrecision: number | undefined;
  readonly rocArea: number | undefined;
  readonly brier: number | undefined;
  /** Of the base rate of the training rows, for all. */
  readonly constantBrier: number | undefined;
  readonly brierSkill: number | undefined;
  readonly calibrationError: number | undefined;
  readonly reliability: readonly ReliabilityBin[];
  readonly outcome: Outcome;
  readonly budgets: readonly BudgetFigures[];
}

export interface FigureOptions {
  /** Alerts a day. */
  readonly budgets: readonly number[];
  /** Share of failed rows among those that were learned from; that of the judged rows themselves where there was no training. */
  readonly trainingBaseRate?: number | undefined;
}

export function figuresOf(scored: Scored, options: FigureOptions): Figures {
  return atOnce(figureSteps(scored, options));
}

/** As `figuresOf`; no step has more than one sorting of the rows. */
export function* figureSteps(scored: Scored, { budgets, trainingBaseRate }: FigureOptions): Steps<Figures> {
  const { moments, labels, scores, horizon } = scored;
  const rows = judgedRows(scored);
  const days = daysOf(moments, rows);
  yield;
  const outcome = outcomeOf(scored);
  yield;
  const failed = outcome.observed;
  const baseRate = rows.length === 0 ? undefined : failed / rows.length;
  const own = brier(scores, labels, rows);
  const constant = constantBrier(trainingBaseRate ?? baseRate ?? 0, labels, rows);
  yield;
  const bins = reliability(scores, labels, rows);
  yield;
  const precision = averagePrecision(scores, labels, rows);
  yield;
  const area = rocArea(scores, labels, rows);
  yield;
  const atBudgets: BudgetFigures[] = [];
  for (const perDay of budgets) {
    const alerts = alertsAt(perDay, scores, days);
    yield;
    atBudgets.push({
      perDay,
      precision: precisionAt(perDay, scores, labels, days),
      ...incidentRecall(scored, alerts),
      ...falseEpisodes(scored, alerts, days),
    });
    yield;
  }
  return {
    rows: rows.length,
    failed,
    days: days.length,
    fromMs: moments.atMs[rows[0] ?? -1],
    untilMs: endOf(moments.atMs[rows.at(-1) ?? -1], horizonMs[horizon]),
    baseRate,
    averagePrecision: precision,
    rocArea: area,
    brier: own,
    constantBrier: constant,
    brierSkill: brierSkill(own, constant),
    calibrationError: calibrationError(bins),
    reliability: bins,
    outcome,
    budgets: atBudgets,
  };
}

/** Failures that came and that were expected, of the rows that can be judged. */
export function outcomeOf(scored: Scored): Outcome {
  const rows = judgedRows(scored);
  let [observed, expected] = [0, 0];
  for (const row of rows) {
    observed += scored.labels[row] ?? 0;
    expected += scored.scores[row] ?? 0;
  }
  return { observed, expected, incidents: labelledIncidents(scored, rows).length };
}

function endOf(atMs: number | undefined, aheadMs: number): number | undefined {
  return atMs === undefined ? undefined : atMs + aheadMs;
}
