import { isObject, type JsonObject } from '../json-object.ts';
import type { Usage } from '../metering/usage.ts';
import { countOf, type Dialect, isText, openAiError, type Told } from './dialect.ts';

function readUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const input = isObject(usage['input_tokens_details']) ? usage['input_tokens_details'] : {};
  const output = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {};
  return {
    input: countOf(usage['input_tokens']),
    generated: countOf(usage['output_tokens']),
    cached: countOf(input['cached_tokens']),
    reasoning: countOf(output['reasoning_tokens']),
  };
}

const lastEvents = ['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled'];

function readEvent(event: JsonObject): Told {
  const { type, response, delta } = event;
  const isLast = typeof type === 'string' && lastEvents.includes(type);
  return {
    // Every event that brings a piece is called …delta: of text, reasoning, refusal, arguments of a call.
    hasContent: typeof type === 'string' && type.endsWith('.delta') && isText(delta),
    usage: isLast && isObject(response) ? readUsage(response['usage']) : undefined,
    isError: type === 'error' || type === 'response.failed',
    isLast,
  };
}

/** POST /v1/responses. */
export const openAiResponses: Dialect = {
  name: 'openai_responses',
  operation: 'chat',
  streamsByDefault: false,
  usageOnRequest: false,
  framing: 'sse',
  readEvent,
  readAnswer: (answer) => ({
    usage: readUsage(answer['usage']),
    isError: isObject(answer['error']) || answer['status'] === 'failed',
  }),
  errorBody: openAiError,
};
