import { type AnyRegistry, counterOf, gaugeOf } from '../../../kit/exposition/prom-client.ts';
import { inference } from '../../../metrics/inference.ts';
import type { EndedRequest, RequestLabels } from './request-end.ts';
import type { SloSettings, Thresholds } from './slo.ts';

/** Counts what objectives judge, and what of it was good. */
export interface SloCounters {
  readonly judge: (request: EndedRequest) => void;
  readonly judgeRefused: (labels: RequestLabels, reason: string) => void;
}

/** Refused because the proxy itself could not, not because of a rule. */
const ownFailures = ['overload', 'shutdown'];

export function createSloCounters(registry: AnyRegistry, slo: SloSettings): SloCounters {
  const events = counterOf(registry, inference.inference_slo_events_total);
  const good = counterOf(registry, inference.inference_slo_good_events_total);
  showSettings(registry, slo);

  function count({ modelName, tenant }: RequestLabels, name: string, isGood: boolean): void {
    const values = { model_name: modelName, tenant, slo: name };
    events.inc(values);
    // An objective that was never met has a series too, or its share of good events would be missing instead of 0.
    good.inc(values, isGood ? 1 : 0);
  }

  function limitOf({ modelName }: RequestLabels, key: keyof Thresholds): number {
    return slo.models.get(modelName)?.[key] ?? slo[key];
  }

  return {
    judge: (request) => {
      const { labels, status, reason, firstTokenSeconds, secondsPerOutputToken } = request;
      if (status === 'success') count(labels, 'availability', true);
      if (status === 'timeout' || (status === 'error' && !isClients(reason))) count(labels, 'availability', false);
      const ttft = limitOf(labels, 'ttft');
      if (firstTokenSeconds !== undefined) count(labels, 'ttft', firstTokenSeconds <= ttft);
      else if (gaveUpWaiting(request, ttft)) count(labels, 'ttft', false);
      if (secondsPerOutputToken !== undefined) count(labels, 'tpot', secondsPerOutputToken <= limitOf(labels, 'tpot'));
    },
    judgeRefused: (labels, reason) => {
      if (ownFailures.includes(reason)) count(labels, 'availability', false);
    },
  };
}

function isClients(reason: string): boolean {
  return reason === 'client_error' || reason === 'client_stalled';
}

/** Whoever leaves before the first token because it takes too long has not seen a good one. */
function gaveUpWaiting({ status, seconds }: EndedRequest, limit: number): boolean {
  return (status === 'cancelled' || status === 'timeout') && seconds > limit;
}

function showSettings(registry: AnyRegistry, slo: SloSettings): void {
  const threshold = gaugeOf(registry, inference.inference_slo_threshold_seconds);
  const objective = gaugeOf(registry, inference.inference_slo_objective_ratio);
  for (const name of ['availability', 'ttft', 'tpot']) objective.set({ slo: name }, slo.objective);
  for (const name of ['ttft', 'tpot'] as const) {
    threshold.set({ model_name: '', slo: name }, slo[name]);
    for (const [model, own] of slo.models) {
      const limit = own[name];
      if (limit !== undefined) threshold.set({ model_name: model, slo: name }, limit);
    }
  }
}
