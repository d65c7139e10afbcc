import type { SimulatedModel } from '../simulated-models.ts';

/** A request for a chat, as far as a simulated engine looks at it. */
export interface ChatRequest {
  /** Words stand for tokens. */
  readonly promptTokens: readonly string[];
  readonly answerTokens: number;
  /** The answer is cut off because no more tokens were allowed. */
  readonly isCutOff: boolean;
  readonly isStream: boolean;
  readonly wantsUsage: boolean;
  readonly wantsContinuousUsage: boolean;
}

export interface RefusedChat {
  readonly status: 400 | 404;
  readonly model: string | undefined;
  readonly message: string;
}

const defaultAnswerTokens = 32;

/** Reads OpenAI's form and that of Ollama; they differ in where the limit stands and in what is a stream by default. */
export function readChatRequest(text: string, model: SimulatedModel, isOllama: boolean): ChatRequest | RefusedChat {
  const body = parse(text);
  if (body === undefined) return { status: 400, model: undefined, message: 'the body is no JSON object' };
  const { model: asked, messages, stream } = body;
  const name = typeof asked === 'string' ? asked : undefined;
  if (name !== model.name) return { status: 404, model: name, message: `The model \`${name ?? ''}\` does not exist.` };
  const promptTokens = wordsOf(messages);
  if (promptTokens.length === 0) return { status: 400, model: name, message: 'messages must hold text' };
  const most = wholeOf(isOllama ? objectOf(body['options'])['num_predict'] : body['max_tokens']);
  const wanted = wantedWords(promptTokens);
  const answerTokens = Math.max(1, Math.min(wanted, most ?? wanted));
  if (promptTokens.length + answerTokens > model.contextTokens) {
    return {
      status: 400,
      model: name,
      message: `This model's maximum context length is ${model.contextTokens} tokens. However, your request has ${promptTokens.length} input tokens.`,
    };
  }
  const options = objectOf(body['stream_options']);
  return {
    promptTokens,
    answerTokens,
    isCutOff: answerTokens < wanted,
    isStream: typeof stream === 'boolean' ? stream : isOllama,
    wantsUsage: options['include_usage'] === true,
    wantsContinuousUsage: options['continuous_usage_stats'] === true,
  };
}

/** A made-up answer is as long as the prompt asks for: "in 40 words". */
function wantedWords(promptTokens: readonly string[]): number {
  const [, count] = /(\d{1,6}) words?\W*$/.exec(promptTokens.slice(-20).join(' ')) ?? [];
  return count === undefined ? defaultAnswerTokens : Number(count);
}

function wordsOf(messages: unknown): readonly string[] {
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message: unknown) => {
    const { content } = objectOf(message);
    return typeof content === 'string' ? content.split(/\s+/).filter((word) => word !== '') : [];
  });
}

function wholeOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
