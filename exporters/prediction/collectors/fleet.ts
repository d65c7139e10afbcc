import { entityKinds } from '../entity.ts';
import { horizons } from '../horizon.ts';
import { expectedFailures } from '../risk/expected-failures.ts';
import { rateRisk } from '../risk/rate/rate-risk.ts';
import { recencyAt } from '../risk/rate/recency.ts';
import { medianOf } from '../serving/median.ts';
import { byClusterAndKind, type PredictionCollector } from './prediction-collector.ts';

/** What there is to expect of the fleet as a whole, and the level that single risks are read against. */
export const fleetCollector: PredictionCollector = {
  name: 'fleet',
  collect: ({ run, models, failures }, { emit }) => {
    const never = recencyAt([], 0);
    for (const kind of entityKinds) {
      for (const horizon of horizons) {
        const { probability } = rateRisk(models.rate, { kind, product: '', recency: never, horizon });
        emit('prediction_failure_base_probability', { kind, horizon }, probability);
        const own = run?.risks.filter(({ entity }) => entity.kind === kind) ?? [];
        const median = medianOf(own.map((risk) => risk.probability[horizon]));
        emit('prediction_failure_median_probability', { kind, horizon }, median);
      }
      const known = failures?.incidents.filter(({ entity }) => entity.kind === kind).length;
      emit('prediction_incidents', { kind }, known);
    }
    emit('prediction_incidents_without_precursor_ratio', {}, failures?.precursors.shareWithout);
    for (const { cluster, kind, own } of byClusterAndKind(run?.risks ?? [])) {
      emit('prediction_entities', { cluster, kind }, own.length);
      for (const horizon of horizons) {
        const inService = own.filter(({ isOut }) => isOut !== true);
        const { expected, low, high } = expectedFailures(inService.map((risk) => risk.probability[horizon]));
        for (const [estimate, value] of Object.entries({ expected, low, high }))
          emit('prediction_expected_failures', { cluster, kind, horizon, estimate }, value);
      }
    }
  },
};
