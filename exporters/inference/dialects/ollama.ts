import { isObject, type JsonObject } from '../json-object.ts';
import { countOf, type Dialect, isText, type Told } from './dialect.ts';

/** Counts of Ollama's native API; a prompt that is wholly cached may lack its count. */
function readEvent(event: JsonObject): Told {
  const { message, done } = event;
  const isLast = done === true;
  const spoken = isObject(message)
    ? isText(message['content']) || isText(message['thinking']) || Array.isArray(message['tool_calls'])
    : isText(event['response']) || isText(event['thinking']);
  const input = countOf(event['prompt_eval_count']);
  const generated = countOf(event['eval_count']);
  const isTold = isLast && (input !== undefined || generated !== undefined);
  return {
    hasContent: spoken,
    usage: isTold
      ? { input: input ?? 0, generated: generated ?? 0, cached: undefined, reasoning: undefined }
      : undefined,
    isError: isText(event['error']),
    isLast,
  };
}

function readEmbedding(answer: JsonObject): Told {
  const input = countOf(answer['prompt_eval_count']);
  return {
    usage: input === undefined ? undefined : { input, generated: 0, cached: undefined, reasoning: undefined },
    isError: isText(answer['error']),
  };
}

const common = {
  usageOnRequest: false,
  framing: 'ndjson',
  readEvent,
  errorBody: ({ message }: { readonly message: string }) => ({ error: message }),
} as const;

/** POST /api/chat. */
export const ollamaChat: Dialect = {
  ...common,
  name: 'ollama_chat',
  operation: 'chat',
  streamsByDefault: true,
  readAnswer: readEvent,
};

/** POST /api/generate. */
export const ollamaGenerate: Dialect = {
  ...common,
  name: 'ollama_generate',
  operation: 'text_completion',
  streamsByDefault: true,
  readAnswer: readEvent,
};

/** POST /api/embed and /api/embeddings. */
export const ollamaEmbed: Dialect = {
  ...common,
  name: 'ollama_embed',
  operation: 'embeddings',
  streamsByDefault: false,
  readAnswer: readEmbedding,
};

/** Paths that only look: which models there are. */
export const ollamaOther: Dialect = {
  ...common,
  name: 'ollama_other',
  operation: 'other',
  streamsByDefault: false,
  readAnswer: (answer) => ({ isError: isText(answer['error']) }),
};
