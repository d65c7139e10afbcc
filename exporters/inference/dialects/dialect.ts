import type { JsonObject } from '../json-object.ts';
import type { Usage } from '../metering/usage.ts';
import type { EventFraming } from './event-splitter.ts';

/** What one event of a stream, or a whole answer, tells. */
export interface Told {
  /** It holds text, reasoning or a tool call: a piece of the answer itself. */
  readonly hasContent?: boolean;
  readonly usage?: Usage | undefined;
  /** It says that the request failed, although the status of HTTP says that it did not. */
  readonly isError?: boolean;
  /** The server says that the answer is whole. */
  readonly isLast?: boolean;
  /** It holds nothing but the usage that the proxy asked for. */
  readonly isUsageOnly?: boolean;
}

/** How clients and servers speak at one kind of endpoint. */
export interface Dialect {
  readonly name: string;
  /** Names of OpenTelemetry's gen_ai.operation.name. */
  readonly operation: 'chat' | 'text_completion' | 'embeddings' | 'generate_content' | 'other';
  /** Whether a request asks for a stream; the default of the endpoint where it does not say. */
  readonly streamsByDefault: boolean;
  /** True where usage comes in a stream only if `stream_options.include_usage` asks for it. */
  readonly usageOnRequest: boolean;
  readonly framing: EventFraming;
  /** Reads an event of a stream. */
  readonly readEvent: (event: JsonObject) => Told;
  /** Reads an answer that is no stream. */
  readonly readAnswer: (answer: JsonObject) => Told;
  /** Body of an answer of our own, in the form that its clients understand. */
  readonly errorBody: (error: ProxyError) => JsonObject;
}

export interface ProxyError {
  readonly message: string;
  /** Class such as rate_limit_exceeded, as OpenAI's clients know it. */
  readonly type: string;
  readonly code: string;
}

/** A count of tokens; undefined for anything that cannot be one. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** OpenAI's form of an error, which its clients take apart. */
export function openAiError({ message, type, code }: ProxyError): JsonObject {
  return { error: { message, type, param: null, code } };
}
