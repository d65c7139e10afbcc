import type { ServerResponse } from 'node:http';
import type { Token } from './batch.ts';
import type { ChatRequest } from './chat-request.ts';

/** What an answer looks like on the wire. */
export interface AnswerForm {
  /** Writes what the token changes: a piece of a stream, or with the last one the whole answer. */
  readonly write: (token: Token) => void;
  /** What the client was told of the tokens if the answer ends after so many: the usage in its pieces, or the pieces themselves. */
  readonly toldAfter: (generated: number) => ToldTokens;
}

export interface ToldTokens {
  readonly input: number;
  readonly generated: number;
  readonly cached: number;
  /** There were pieces, but no usage in them. */
  readonly isWithoutUsage: boolean;
}

export interface Answered {
  readonly response: ServerResponse;
  readonly id: string;
  readonly modelName: string;
  readonly request: ChatRequest;
  readonly cachedTokens: number;
  /** Unix seconds. */
  readonly now: () => number;
}

export const nothingTold: ToldTokens = { input: 0, generated: 0, cached: 0, isWithoutUsage: false };

/** Without usage only the pieces can be counted; the prompt stays unknown. */
export function toldByPieces(generated: number): ToldTokens {
  return generated === 0 ? nothingTold : { ...nothingTold, generated, isWithoutUsage: true };
}

/** An answer that came whole, with its usage. */
export function toldWhole({ request, cachedTokens }: Answered): ToldTokens {
  return {
    input: request.promptTokens.length,
    generated: request.answerTokens,
    cached: cachedTokens,
    isWithoutUsage: false,
  };
}

const words = ['This', 'is', 'an', 'answer', 'of', 'a', 'simulated', 'engine,', 'which', 'knows', 'nothing.'] as const;

/** The word that stands for the token. */
export function wordOf(number: number): string {
  const word = words[(number - 1) % words.length] ?? '';
  return number === 1 ? word : ` ${word}`;
}

export function textOf(tokens: number): string {
  return Array.from({ length: tokens }, (_, index) => wordOf(index + 1)).join('');
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
