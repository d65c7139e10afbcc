import { readerFor } from '../api/proxy/reader-for.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { ollamaChat, ollamaEmbed, ollamaGenerate } from '../dialects/ollama.ts';
import { openAiChat, openAiCompletions, openAiEmbeddings, openAiOther } from '../dialects/openai-completions.ts';
import { openAiResponses } from '../dialects/openai-responses.ts';
import type { JsonObject } from '../json-object.ts';
import { type Ending, success } from '../metering/request-end.ts';
import type { RequestMeter } from '../metering/request-meter.ts';
import { cutOff, endingOfStatus } from './http-ending.ts';
import { cleanUsage, type TokenUsage } from './served-request.ts';
import type { Trouble } from './trouble.ts';

const dialects = {
  openai_chat: openAiChat,
  openai_completions: openAiCompletions,
  openai_responses: openAiResponses,
  openai_embeddings: openAiEmbeddings,
  ollama_chat: ollamaChat,
  ollama_generate: ollamaGenerate,
  ollama_embed: ollamaEmbed,
} as const satisfies Readonly<Record<string, Dialect>>;

/** Forms of answers that are understood. */
export type DialectName = keyof typeof dialects;

/** How tokens and pieces are read from answers; without any of it only time, status and bytes are measured. */
export interface AnswerReading {
  /** The form of the answers, streamed ones as well. */
  readonly dialect?: DialectName | undefined;
  /** Tokens of an answer that is JSON in a form of your own. */
  readonly usage?: ((body: JsonObject) => TokenUsage | undefined) | undefined;
}

/** Looks at an answer while it passes, and changes nothing. */
export interface AnswerWatch {
  readonly push: (bytes: Uint8Array) => void;
  /** All of it has passed: how the request ended, by what the answer says. */
  readonly end: () => Ending;
}

interface AnswerHead {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}

interface WatchParts {
  readonly meter: RequestMeter;
  readonly trouble: Trouble;
}

export function operationOf({ dialect }: AnswerReading): Dialect['operation'] {
  return dialect === undefined ? 'other' : dialects[dialect].operation;
}

export function watchAnswer(
  { status, contentType, contentEncoding }: AnswerHead,
  reading: AnswerReading,
  { meter, trouble }: WatchParts,
): AnswerWatch {
  const dialect = dialectOf(reading, trouble);
  if (dialect === undefined || status >= 300)
    return { push: ({ length }) => meter.sent(length), end: () => endingOfStatus(status) };
  let ending = success;
  const headers = { 'content-type': contentType, 'content-encoding': contentEncoding };
  const reader = readerFor({ headers }, dialect, 'none', {
    meter,
    onError: () => {
      ending = cutOff;
    },
    onMalformed: () =>
      trouble('answer', 'an answer is not in the form that was announced, so its tokens are not known'),
  });
  if (dialect.operation !== 'other') meter.expectUsage();
  return {
    push: (bytes) => {
      meter.sent(bytes.length);
      // A copy, since what is read may be kept for a while, and the bytes belong to somebody else.
      reader.push(Buffer.from(bytes));
    },
    end: () => {
      reader.end();
      return ending;
    },
  };
}

function dialectOf({ dialect, usage }: AnswerReading, trouble: Trouble): Dialect | undefined {
  const named = dialect === undefined ? undefined : dialects[dialect];
  if (usage === undefined) return named;
  const readAnswer: Dialect['readAnswer'] = (answer) => {
    try {
      const told = usage(answer);
      return { usage: told === undefined ? undefined : cleanUsage(told) };
    } catch (error) {
      trouble('usage', `the usage of an answer could not be read: ${error}`);
      return {};
    }
  };
  return named === undefined ? { ...openAiOther, readEvent: () => ({}), readAnswer } : { ...named, readAnswer };
}
