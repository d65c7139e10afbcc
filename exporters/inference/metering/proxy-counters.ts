import { type AnyRegistry, counterOf } from '../../../kit/exposition/prom-client.ts';
import { inference } from '../../../metrics/inference.ts';
import type { AttemptEnd } from '../routing/upstream-pool.ts';

export type Malformed = 'request_json' | 'response_json' | 'stream_event' | 'http' | 'path';

/** What the proxy counts beside requests. */
export interface ProxyCounters {
  readonly malformed: (kind: Malformed) => void;
  readonly collapsed: (label: 'model_name' | 'tenant') => void;
  readonly retried: (upstream: string) => void;
  readonly ejected: (upstream: string) => void;
  readonly attempted: (upstream: string, outcome: AttemptEnd) => void;
}

export function createProxyCounters(registry: AnyRegistry): ProxyCounters {
  const malformed = counterOf(registry, inference.inference_proxy_malformed_total);
  const collapsed = counterOf(registry, inference.inference_proxy_collapsed_total);
  const retries = counterOf(registry, inference.inference_upstream_retries_total);
  const ejections = counterOf(registry, inference.inference_upstream_ejections_total);
  const attempts = counterOf(registry, inference.inference_upstream_attempts_total);
  return {
    malformed: (kind) => malformed.inc({ kind }),
    collapsed: (label) => collapsed.inc({ label }),
    retried: (upstream) => retries.inc({ upstream }),
    ejected: (upstream) => ejections.inc({ upstream }),
    attempted: (upstream, outcome) => attempts.inc({ upstream, outcome }),
  };
}
