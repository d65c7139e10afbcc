import { noise } from '../../../../exporters/gpu/sources/simulated/random.ts';
import { closingTokens, type PlannedRequest, systemTokens } from './planned-requests.ts';

export interface ClientRequest {
  readonly path: '/v1/chat/completions' | '/api/chat';
  readonly body: string;
}

const vocabulary = ['cluster', 'model', 'token', 'batch', 'cache', 'node', 'rack', 'alert', 'board', 'query', 'trace'];

/** The request as a client of OpenAI or Ollama writes it. */
export function clientRequest(seed: number, tenant: number, planned: PlannedRequest): ClientRequest {
  const { modelName, isNative, answerTokens, isStream, wantsUsage } = planned;
  const messages = [
    { role: 'system', content: wordsOf(systemTokens, (word) => noise(seed, tenant, 140, word)) },
    { role: 'user', content: userContent(seed, tenant, planned) },
  ];
  if (isNative) {
    const body = { model: modelName, messages, stream: isStream, options: { num_predict: answerTokens } };
    return { path: '/api/chat', body: JSON.stringify(body) };
  }
  const body = {
    model: modelName,
    messages,
    max_tokens: answerTokens,
    ...(isStream ? { stream: true } : {}),
    ...(wantsUsage ? { stream_options: { include_usage: true } } : {}),
  };
  return { path: '/v1/chat/completions', body: JSON.stringify(body) };
}

function userContent(seed: number, tenant: number, { number, promptTokens, answerTokens }: PlannedRequest): string {
  const own = promptTokens - systemTokens - closingTokens;
  return `${wordsOf(own, (word) => noise(seed, tenant, number, 141, word))} Answer in ${answerTokens} words.`;
}

function wordsOf(count: number, chance: (word: number) => number): string {
  return Array.from(
    { length: count },
    (_, word) => vocabulary[Math.floor(chance(word) * vocabulary.length)] ?? 'word',
  ).join(' ');
}
