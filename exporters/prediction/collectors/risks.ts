import { keyOfEntity } from '../entity.ts';
import { horizons } from '../horizon.ts';
import type { Risk } from '../risk/risk.ts';
import { alertedRisks, likeliestFirst } from '../serving/rank.ts';
import { entityLabels, type PredictionCollector } from './prediction-collector.ts';

/** An entity is shown with all horizons or not at all; the likeliest come first where there are too many. */
export const risksCollector: PredictionCollector = {
  name: 'risks',
  collect: ({ run, alertBudget, series }, { emit }) => {
    if (run === undefined) return;
    const most = Math.floor(series.probabilities / horizons.length);
    const shown = run.risks.length <= most ? run.risks : likeliestFirst(run.risks).slice(0, most);
    for (const risk of shown) {
      const own = entityLabels(risk.entity);
      for (const horizon of horizons)
        emit('prediction_failure_probability', { ...own, horizon }, risk.probability[horizon]);
      for (const horizon of horizons)
        emit('prediction_failure_layer_info', { ...own, horizon, layer: risk.layer[horizon] }, 1);
    }
    for (const metric of ['prediction_failure_probability', 'prediction_failure_layer_info'])
      emit('prediction_dropped_series', { metric }, (run.risks.length - shown.length) * horizons.length);
    for (const [at, { entity }] of alertedRisks(run.risks, alertBudget).entries())
      emit('prediction_failure_alert_rank', entityLabels(entity), at + 1);
  },
};

/** A rule is shown for the gravest severities first. */
export const rulesCollector: PredictionCollector = {
  name: 'rules',
  collect: ({ run, series }, { emit }) => {
    if (run === undefined) return;
    const hits = run.risks.flatMap((risk) => risk.rules.map((hit) => ({ risk, hit }))).sort(gravestFirst);
    for (const { risk, hit } of hits.slice(0, series.rules))
      emit('prediction_rule_hit', { ...entityLabels(risk.entity), rule: hit.rule, severity: hit.severity }, 1);
    emit('prediction_dropped_series', { metric: 'prediction_rule_hit' }, Math.max(0, hits.length - series.rules));
  },
};

const severities = ['act_now', 'next_window', 'raised_risk'] as const;

interface Hit {
  readonly risk: Risk;
  readonly hit: Risk['rules'][number];
}

function gravestFirst(a: Hit, b: Hit): number {
  const grave = severities.indexOf(a.hit.severity) - severities.indexOf(b.hit.severity);
  if (grave !== 0) return grave;
  const [first, second] = [
    `${keyOfEntity(a.risk.entity)} ${a.hit.rule}`,
    `${keyOfEntity(b.risk.entity)} ${b.hit.rule}`,
  ];
  return first < second ? -1 : 1;
}
