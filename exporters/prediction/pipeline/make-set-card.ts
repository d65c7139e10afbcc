import { makeCard } from '../evaluation/card/make-card.ts';
import type { CardData, CardModel, ModelCard } from '../evaluation/card/model-card.ts';
import { precursorsOf } from '../evaluation/precursors.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { type Incident, incidentSources } from '../labels/incident.ts';
import type { Model } from '../learning/model/model.ts';
import type { RateModel } from '../risk/rate/rate-model.ts';
import type { FailureHistory } from './failure-history.ts';
import type { Trial, Verdict } from './judge-horizon.ts';
import { trainingRows } from './train-promoted.ts';

interface CardInput {
  readonly trial: Trial;
  readonly verdict: Verdict;
  readonly model: Model | undefined;
  readonly rate: RateModel;
  readonly id: string;
  readonly input: { readonly history: FailureHistory; readonly seed: number };
}

/** The card of whoever answers for a kind and horizon. */
export function cardOf({ trial, verdict, model, rate, id, input: { history, seed } }: CardInput): ModelCard {
  const { table, labels, horizon, incidents } = trial;
  const rows = trainingRows(trial);
  const own: CardModel = {
    name: model === undefined ? 'rate' : model.body.kind,
    version: id,
    madeAtMs: history.nowMs,
    horizon,
    trainedFromMs: table.atMs[rows[0] ?? -1],
    trainedUntilMs: table.atMs[rows.at(-1) ?? -1],
    rows: rows.length,
    failedRows: rows.reduce((sum, row) => sum + (labels[row] ?? 0), 0),
    features: model === undefined ? ['base_rate', 'recent_failures'] : model.card.schema.names,
    settings: model === undefined ? rateSettings(rate) : modelSettings(model),
    seed,
  };
  const inTime = incidentsBetween(incidents, table.atMs[0], history.nowMs);
  return makeCard({
    model: own,
    data: dataOf(table, inTime, history.problems),
    figures: verdict.figures,
    precursors: precursorsOf(inTime, history.raised),
    promotion: verdict.promotion,
  });
}

function incidentsBetween(incidents: readonly Incident[], fromMs = 0, untilMs = 0): readonly Incident[] {
  return incidents.filter(({ startMs }) => startMs >= fromMs && startMs <= untilMs);
}

function dataOf(
  { entities, values }: FeatureTable,
  incidents: readonly Incident[],
  problems: readonly string[],
): CardData {
  const bySource = incidentSources.flatMap((source) => {
    const many = incidents.filter(({ sources }) => sources[0] === source).length;
    return many === 0 ? [] : [[source, many] as const];
  });
  const missing = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  return {
    gpus: entities.filter(({ kind }) => kind === 'gpu').length,
    nodes: entities.filter(({ kind }) => kind === 'node').length,
    incidents: incidents.length,
    bySource: Object.fromEntries(bySource),
    missingValues: values.length === 0 ? undefined : missing / values.length,
    problems,
  };
}

function rateSettings({ hold, ownFailures, fitted }: RateModel): CardModel['settings'] {
  return { hold, own_failures: ownFailures, fitted: fitted.length === 0 ? 'none' : fitted.join(' and ') };
}

function modelSettings({ card: { settings } }: Model): CardModel['settings'] {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      typeof value === 'object' ? [] : [[name, value as string | number]],
    ),
  );
}
