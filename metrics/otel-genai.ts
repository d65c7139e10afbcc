import { defineMetrics } from './define.ts';

/** What the convention asks for on every metric. The model that answered is left out: servers make up its name for each version. */
const operation = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const;

const secondsBuckets = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;

/**
 * Names, labels and bucket bounds of OpenTelemetry's conventions for generative AI 1.41.1, as Prometheus writes them when they come to it by
 * OTLP: underscores for dots, and the unit at the end. Shown by `--metrics.names`.
 */
export const otelGenAi = defineMetrics('external:opentelemetry', {
  gen_ai_client_token_usage: {
    kind: 'histogram',
    unit: 'none',
    help: 'Tokens of one request, input or output, as the server told them.',
    labels: [...operation, 'gen_ai_token_type'],
    buckets: [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
  },
  gen_ai_client_operation_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time from handing a request to an upstream to the last byte of the answer.',
    labels: [...operation, 'error_type'],
    buckets: secondsBuckets,
  },
  gen_ai_server_request_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time from the headers of a request of a client to the last byte of its answer.',
    labels: [...operation, 'error_type'],
    buckets: secondsBuckets,
  },
  gen_ai_server_time_to_first_token_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time to the first token of streamed answers that came whole.',
    labels: operation,
    buckets: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  gen_ai_server_time_per_output_token_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Mean time between two tokens of one answer after its first, of streamed answers that came whole.',
    labels: operation,
    buckets: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
  },
});
