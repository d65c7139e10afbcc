import { isObject, type JsonObject } from '../json-object.ts';
import type { Usage } from '../metering/usage.ts';
import { countOf, type Dialect, isText, openAiError, type Told } from './dialect.ts';

/** `usage` of chat, completions and embeddings; undefined where there is none. */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const input = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {};
  const output = isObject(usage['completion_tokens_details']) ? usage['completion_tokens_details'] : {};
  return {
    input: countOf(usage['prompt_tokens']),
    generated: countOf(usage['completion_tokens']),
    cached: countOf(input['cached_tokens']),
    reasoning: countOf(output['reasoning_tokens']),
  };
}

/** Servers that think call it reasoning_content or reasoning. */
const contentOfDelta = ['content', 'reasoning_content', 'reasoning', 'refusal'] as const;

function hasContent(choice: unknown): boolean {
  if (!isObject(choice)) return false;
  if (isText(choice['text'])) return true;
  const { delta } = choice;
  if (!isObject(delta)) return false;
  if (contentOfDelta.some((key) => isText(delta[key]))) return true;
  const calls = delta['tool_calls'];
  return (Array.isArray(calls) && calls.length > 0) || isObject(delta['function_call']);
}

function readEvent(event: JsonObject): Told {
  const choices = Array.isArray(event['choices']) ? event['choices'] : undefined;
  const usage = readUsage(event['usage']);
  return {
    hasContent: choices?.some(hasContent) === true,
    usage,
    isError: isObject(event['error']) || event['object'] === 'error',
    isUsageOnly: usage !== undefined && choices?.length === 0,
  };
}

function readAnswer(answer: JsonObject): Told {
  return { usage: readUsage(answer['usage']), isError: isObject(answer['error']) };
}

const common = {
  streamsByDefault: false,
  framing: 'sse',
  readEvent,
  readAnswer,
  errorBody: openAiError,
} as const;

/** POST /v1/chat/completions. */
export const openAiChat: Dialect = { ...common, name: 'openai_chat', operation: 'chat', usageOnRequest: true };

/** POST /v1/completions. */
export const openAiCompletions: Dialect = {
  ...common,
  name: 'openai_completions',
  operation: 'text_completion',
  usageOnRequest: true,
};

/** POST /v1/embeddings, and what answers like it. */
export const openAiEmbeddings: Dialect = {
  ...common,
  name: 'openai_embeddings',
  operation: 'embeddings',
  usageOnRequest: false,
};

/** Other paths of OpenAI's API, whose answers may hold a usage. */
export const openAiOther: Dialect = { ...common, name: 'openai_other', operation: 'other', usageOnRequest: false };
