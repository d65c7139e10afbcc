import { type Entity, type EntityKind, entityKinds } from '../../entity.ts';
import type { Horizon } from '../../horizon.ts';
import type { Incident, RiskEvent } from '../../labels/incident.ts';
import type { Moments } from '../../labels/moments.ts';
import { riskEventsOf } from '../../labels/risk-events.ts';
import { fitRates, type RateFit } from '../../risk/rate/fit-rate.ts';
import { decayDays, exposuresOf, type Hold } from '../../risk/rate/kernel.ts';
import { defaultPriors, type RatePriors } from '../../risk/rate/priors.ts';
import { baseRateOf, type RateModel, rateModelOf } from '../../risk/rate/rate-model.ts';
import { recencySums } from '../../risk/rate/recency.ts';
import { completeRows } from '../splits.ts';
import { exposuresOfRows } from './exposures-of-rows.ts';
import type { Past, Scorer } from './scorer.ts';

export interface RateScorerInput {
  readonly incidents: readonly Incident[];
  readonly raised?: readonly RiskEvent[] | undefined;
  /** Model of a GPU or kind of server; the same for all where it is left out. */
  readonly productOf?: ((entity: Entity) => string) | undefined;
  readonly priors?: RatePriors | undefined;
  readonly hold?: Hold | undefined;
  /** Labels of the horizon that rates are fitted with, of the same rows; those that are asked for where it is left out. */
  readonly fitWith?: { readonly labels: Uint8Array; readonly horizon: Horizon } | undefined;
}

/** The rate model as a scorer: fitted on the past, asked with the events up to each row. */
export function rateScorer(input: RateScorerInput): Scorer {
  const events = riskEventsOf(input.incidents, input.raised ?? []);
  let known: { readonly moments: Moments; readonly sums: Float64Array } | undefined;
  const sumsOf = (moments: Moments): Float64Array => {
    if (known?.moments !== moments) known = { moments, sums: recencySums(moments, events) };
    return known.sums;
  };
  return {
    name: 'rate',
    fit: (past) => {
      const sums = sumsOf(past.table);
      const model = modelOf(past, sums, input);
      const probability = rowProbability(model, past.table, sums, past.horizon, input.productOf);
      return (rows) => Float64Array.from(rows, probability);
    },
  };
}

function modelOf(
  past: Past,
  sums: Float64Array,
  { incidents, productOf, priors, hold = 'decaying', fitWith }: RateScorerInput,
): RateModel {
  const { table } = past;
  const { labels, horizon } = fitWith ?? past;
  const rows =
    fitWith === undefined ? past.rows : completeRows(table, labels, horizon, Number.NEGATIVE_INFINITY, past.cutMs);
  const fits: Partial<Record<EntityKind, RateFit>> = {};
  for (const kind of entityKinds) {
    const own = rows.filter((row) => table.entities[table.entity[row] ?? 0]?.kind === kind);
    const fit = own.length === 0 ? undefined : fitRates({ sums, labels, horizon, hold, rows: own });
    if (fit !== undefined) fits[kind] = fit;
  }
  const known = { table, rows: rowsUntil(table, past.cutMs) };
  return rateModelOf({
    exposures: exposuresOfRows(known, incidents, productOf),
    priors: priors ?? defaultPriors,
    fits,
  });
}

/** A failure is known when it comes, not when a horizon is over: rows of the last weeks count as time without or with one, though they have no label yet. */
function rowsUntil({ atMs }: Moments, untilMs: number): Uint32Array {
  return Uint32Array.from(atMs.keys()).filter((row) => (atMs[row] ?? Number.NaN) <= untilMs);
}

function rowProbability(
  model: RateModel,
  { entities, entity }: Moments,
  sums: Float64Array,
  horizon: Horizon,
  productOf: (entity: Entity) => string = () => '',
): (row: number) => number {
  const [days = 0, ...exposures] = exposuresOf(horizon, model.hold);
  const base = Float64Array.from(entities, (each) => days * baseRateOf(model, each.kind, productOf(each)));
  const weights = entities.map(({ kind }) => model.excitation[kind].map((each, k) => each * (exposures[k] ?? 0)));
  const width = decayDays.length;
  return (row) => {
    const who = entity[row] ?? 0;
    const own = weights[who] ?? [];
    let hazard = base[who] ?? Number.NaN;
    for (let k = 0; k < width; k++) hazard += (own[k] ?? 0) * (sums[row * width + k] ?? 0);
    return -Math.expm1(-hazard);
  };
}
