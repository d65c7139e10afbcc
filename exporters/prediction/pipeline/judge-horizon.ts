import { labelledIncidents } from '../evaluation/alerts/incident-recall.ts';
import { type Figures, figuresOf } from '../evaluation/figures.ts';
import { type PrequentialRun, prequentialLater, scoresOf } from '../evaluation/prequential/prequential.ts';
import { type StretchTimes, stretchesOf } from '../evaluation/prequential/stretches.ts';
import { decidePromotion } from '../evaluation/promotion/decide.ts';
import type { PromotionDecision, PromotionRule } from '../evaluation/promotion/promotion.ts';
import { judgedRows } from '../evaluation/scored.ts';
import type { LaterScorer, Scorer } from '../evaluation/scorers/scorer.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import type { Horizon } from '../horizon.ts';
import type { Incident } from '../labels/incident.ts';
import type { Tried } from './model-set.ts';

/** What is judged: a horizon of a kind. */
export interface Trial {
  readonly table: FeatureTable;
  readonly labels: Uint8Array;
  readonly horizon: Horizon;
  /** Of entities of the table. */
  readonly incidents: readonly Incident[];
  readonly rule: PromotionRule;
  readonly budgets: readonly number[];
  readonly stretches: readonly StretchTimes[];
  /** Incidents that rows are labelled with. */
  readonly labelled: number;
}

export type TrialInput = Omit<Trial, 'stretches' | 'labelled'>;

export function trialOf(input: TrialInput): Trial {
  const { table, labels, horizon, incidents } = input;
  const rows = judgedRows({ labels, scores: new Float64Array(labels.length) });
  return {
    ...input,
    stretches: stretchesOf(table, horizon),
    labelled: labelledIncidents({ moments: table, incidents, horizon }, rows).length,
  };
}

export interface Verdict {
  readonly tried: readonly Tried[];
  /** Of whoever is chosen. */
  readonly figures: Figures;
  /** Undefined where no learned model was tried. */
  readonly promotion: PromotionDecision | undefined;
  readonly why: readonly string[];
}

export interface Contestants {
  readonly rate: Scorer;
  /** The one that may be promoted comes first. */
  readonly learned: readonly LaterScorer[];
  /** Called before each stretch of each; what it throws ends the trial. */
  readonly onStretch: (scorer: string) => Promise<void>;
}

/** Lets all predict the same stretches, each with what was known before, and decides who answers. */
export async function judge(trial: Trial, { rate, learned, onStretch }: Contestants): Promise<Verdict> {
  const base = await runOf(trial, { name: rate.name, fit: async (past) => rate.fit(past) }, onStretch);
  const runs: PrequentialRun[] = [];
  for (const scorer of learned) runs.push(await runOf(trial, scorer, onStretch));
  const [candidate] = runs;
  const { table, labels, horizon, incidents, rule } = trial;
  const promotion =
    candidate === undefined
      ? undefined
      : decidePromotion({ moments: table, labels, horizon, incidents, rate: base, learned: candidate, rule });
  const chosen = promotion?.chosen === 'learned' && candidate !== undefined ? candidate : base;
  const tried = trial.stretches.length === 0 ? [] : [base, ...runs].map((run) => triedOf(trial, run));
  return { tried, figures: figuresOfRun(trial, chosen), promotion, why: promotion?.reasons ?? [whyNot(trial)] };
}

function runOf(
  trial: Trial,
  scorer: LaterScorer,
  onStretch: (scorer: string) => Promise<void>,
): Promise<PrequentialRun> {
  const fit: LaterScorer['fit'] = async (past) => {
    await onStretch(scorer.name);
    return scorer.fit(past);
  };
  return prequentialLater({ name: scorer.name, fit }, trial);
}

function triedOf(trial: Trial, run: PrequentialRun): Tried {
  return { scorer: run.scorer as Tried['scorer'], figures: figuresOfRun(trial, run) };
}

function figuresOfRun({ table, labels, horizon, incidents, budgets }: Trial, run: PrequentialRun): Figures {
  const scored = { moments: table, labels, scores: scoresOf(run, labels.length), horizon, incidents };
  return figuresOf(scored, { budgets, trainingBaseRate: trainingRateOf(run) });
}

/** Of all stretches, by their rows: the constant that a person without a model would have said. */
function trainingRateOf({ stretches }: PrequentialRun): number | undefined {
  let [sum, rows] = [0, 0];
  for (const { trainingBaseRate, rows: own } of stretches) {
    if (trainingBaseRate === undefined) continue;
    sum += trainingBaseRate * own.length;
    rows += own.length;
  }
  return rows === 0 ? undefined : sum / rows;
}

function whyNot({ table, labelled, rule, stretches, horizon }: Trial): string {
  if (table.schema.names.length === 0) return 'There are no features to learn from.';
  if (labelled < rule.incidents)
    return `${labelled} incidents are labelled; a learned model is considered from ${rule.incidents} on.`;
  if (stretches.length === 0) return `The history is too short to judge predictions of ${horizon}.`;
  return 'No learned model was asked for.';
}
