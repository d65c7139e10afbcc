import { type AnyRegistry, histogramOf } from '../../../kit/exposition/prom-client.ts';
import { otelGenAi } from '../../../metrics/otel-genai.ts';
import type { EndedRequest } from '../metering/request-end.ts';

/** What can be chosen: our own names, those of OpenTelemetry in their place, or both. */
export const nameChoices = ['unified', 'otel', 'both'] as const;
export type NameChoice = (typeof nameChoices)[number];

/** Metrics of the proxy that say the same as one of OpenTelemetry's. What those have no name for is always shown. */
const replaced: ReadonlySet<string> = new Set([
  'inference_request_duration_seconds',
  'inference_time_to_first_token_seconds',
  'inference_time_per_output_token_seconds',
  'inference_tokens_input_total',
  'inference_tokens_generated_total',
]);

/** Whether a metric of the proxy is shown under its own name. */
export function isShown(choice: NameChoice, name: string): boolean {
  return choice !== 'otel' || !replaced.has(name);
}

/** The convention knows companies. A server of another kind is called by its kind, and one of which nothing is known by the API that it has. */
const unknownProvider = 'openai';

/** Registers the metrics of OpenTelemetry, and gives what fills them. */
export function createOtelNames(registry: AnyRegistry): (request: EndedRequest) => void {
  const tokens = histogramOf(registry, otelGenAi.gen_ai_client_token_usage);
  const atUpstream = histogramOf(registry, otelGenAi.gen_ai_client_operation_duration_seconds);
  const inAll = histogramOf(registry, otelGenAi.gen_ai_server_request_duration_seconds);
  const firstToken = histogramOf(registry, otelGenAi.gen_ai_server_time_to_first_token_seconds);
  const perToken = histogramOf(registry, otelGenAi.gen_ai_server_time_per_output_token_seconds);

  function observeTokens(values: Values, { usage: { input, generated }, isEstimated }: EndedRequest): void {
    if (input !== undefined) tokens.observe({ ...values, gen_ai_token_type: 'input' }, input);
    // The convention forbids to report what is only guessed.
    if (generated === undefined || isEstimated) return;
    tokens.observe({ ...values, gen_ai_token_type: 'output' }, generated);
  }

  function observePace(values: Values, { firstTokenSeconds, secondsPerOutputToken }: EndedRequest): void {
    if (firstTokenSeconds !== undefined) firstToken.observe(values, firstTokenSeconds);
    if (secondsPerOutputToken !== undefined) perToken.observe(values, secondsPerOutputToken);
  }

  return (request) => {
    const { labels, operation, serverKind, seconds, queueSeconds, status } = request;
    const values = {
      gen_ai_operation_name: operation,
      gen_ai_provider_name: serverKind ?? unknownProvider,
      gen_ai_request_model: labels.modelName,
    };
    const withError = { ...values, error_type: errorType(request) };
    inAll.observe(withError, seconds);
    // Without it no upstream was asked.
    if (queueSeconds !== undefined) atUpstream.observe(withError, seconds - queueSeconds);
    observeTokens(values, request);
    if (status === 'success') observePace(values, request);
  };
}

interface Values {
  readonly gen_ai_operation_name: string;
  readonly gen_ai_provider_name: string;
  readonly gen_ai_request_model: string;
}

/** Empty for success, as if the label were not there. */
function errorType({ status, reason }: EndedRequest): string {
  if (status === 'success') return '';
  return status === 'timeout' || reason === '' ? status : reason;
}
