import type { Clock } from '../../../kit/clock.ts';
import type { RequestMeter } from '../metering/request-meter.ts';
import { sampledTrace } from '../metering/sampled-trace.ts';
import type { ServingMetrics } from '../metering/serving-metrics.ts';
import type { BoundedNames } from './bounded-names.ts';

/** What is known of a request when its work begins. */
export interface NewServedRequest {
  /** Model that was asked for. */
  readonly model?: string | undefined;
  readonly tenant?: string | undefined;
  /** Name of OpenTelemetry such as chat or embeddings. */
  readonly operation?: string | undefined;
  /** Header of that name, by which a slow request leads to its trace. */
  readonly traceparent?: string | undefined;
  /** When its headers came, on the monotonic clock; now unless told otherwise. */
  readonly startedAt?: number | undefined;
}

export type OpenRequest = (request: NewServedRequest) => RequestMeter;

interface OpenerParts {
  readonly serving: ServingMetrics;
  readonly clock: Clock;
  readonly models: BoundedNames;
  readonly tenants: BoundedNames;
  readonly defaultModel: string;
}

export const engineKind = 'service';

export function createOpener({ serving, clock, models, tenants, defaultModel }: OpenerParts): OpenRequest {
  return ({ model, tenant, operation = 'other', traceparent, startedAt = clock.monotonic() }) =>
    serving.begin({
      labels: {
        engineKind,
        modelName: isName(model) ? models.labelOf(model) : defaultModel,
        tenant: isName(tenant) ? tenants.labelOf(tenant) : '',
      },
      operation,
      startedAt,
      traceId: sampledTrace(traceparent),
    });
}

/** Names often come straight from a body, where they may be anything, whatever their type says. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
