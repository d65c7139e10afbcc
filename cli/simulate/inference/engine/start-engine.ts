import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../../../../kit/clock.ts';
import { listen, urlOf } from '../../../../kit/http/listen.ts';
import { timer } from '../../../../kit/timer.ts';
import type { ServingTruth } from '../serving-truth.ts';
import type { SimulatedEngine } from '../simulated-engines.ts';
import { type AnswerForm, nothingTold, sendJson } from './answer-form.ts';
import { createBatch } from './batch.ts';
import { type ChatRequest, type RefusedChat, readChatRequest } from './chat-request.ts';
import { goesAfterHeader } from './goes-after.ts';
import { ollamaAnswer } from './ollama-answer.ts';
import { openAiAnswer } from './openai-answer.ts';
import { createPrefixCache } from './prefix-cache.ts';
import { createVllmMetrics } from './vllm-metrics.ts';

export interface RunningEngine extends SimulatedEngine {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

interface EngineDeps {
  readonly clock: Clock;
  /** Second of the simulation. */
  readonly second: () => number;
  /** How many times as fast as people see it. */
  readonly speed: number;
  readonly truth: ServingTruth;
  /** Whose key it is; the proxy passes it on. */
  readonly tenantOf: (apiKey: string | undefined) => string;
}

const anyPort = { host: '127.0.0.1', port: 0 };
const longestBody = 1024 * 1024;
/** What a model of some four billion parameters with four bits each takes. */
const memoryBytes = 4_333_000_000;
/** Longer than the proxy looks at its upstreams, so that connections are used again. */
const keepAliveSeconds = 60;

/** A server on loopback that speaks the protocol of vLLM or Ollama and makes its answers up. It says so in its headers and its list of models. */
export async function startEngine(engine: SimulatedEngine, deps: EngineDeps): Promise<RunningEngine> {
  const { model, slow } = engine;
  const { clock, speed, truth } = deps;
  const isOllama = model.kind === 'ollama';
  const metrics = createVllmMetrics(model.name);
  const prefixes = createPrefixCache();
  const batch = createBatch(
    {
      ...model.batch,
      stepSeconds: model.batch.stepSeconds / speed,
      prefillTokensPerSecond: model.batch.prefillTokensPerSecond * speed,
    },
    {
      clock,
      timer: timer(),
      observer: metrics,
      slowness: () => (slow !== undefined && deps.second() >= slow.fromSecond ? slow.factor : 1),
    },
  );
  let requests = 0;

  function refuse(response: ServerResponse, { status, message }: RefusedChat, isNative: boolean): void {
    const type = status === 404 ? 'NotFoundError' : 'BadRequestError';
    const error = isNative ? message : { message, type, param: null, code: status };
    sendJson(response, status, { error });
  }

  function work(incoming: IncomingMessage, response: ServerResponse, chat: ChatRequest, isNative: boolean): void {
    const tenant = deps.tenantOf(keyOf(incoming));
    const cachedTokens = prefixes.look(chat.promptTokens);
    metrics.lookedUp(chat.promptTokens.length, cachedTokens);
    const id = `chatcmpl-${++requests}`;
    const answered = { response, id, modelName: model.name, request: chat, cachedTokens, now: clock.now };
    const form: AnswerForm = isNative ? ollamaAnswer(answered) : openAiAnswer(answered, !isOllama);
    let generated = 0;
    const leave = batch.add({
      promptTokens: chat.promptTokens.length,
      cachedTokens,
      answerTokens: chat.answerTokens,
      holdAfterTokens: holdOf(incoming),
      onToken: (token) => {
        generated = token.number;
        form.write(token);
        if (!token.isLast) return;
        metrics.ended(chat.isCutOff ? 'length' : 'stop');
        truth.add({ ...served(tenant, model.name), ending: 'success', told: form.toldAfter(generated) });
      },
    });
    response.once('close', () => {
      if (generated >= chat.answerTokens) return;
      leave();
      truth.add({ ...served(tenant, model.name), ending: 'cancelled', told: form.toldAfter(generated) });
    });
  }

  function served(tenant: string, name: string) {
    return { engine: engine.name, tenant, model: name };
  }

  async function chat(incoming: IncomingMessage, response: ServerResponse, isNative: boolean): Promise<void> {
    const body = await readBody(incoming);
    if (response.destroyed) return;
    const read = readChatRequest(body, model, isNative);
    if (!('status' in read)) return work(incoming, response, read, isNative);
    truth.add({
      ...served(deps.tenantOf(keyOf(incoming)), read.model ?? ''),
      ending: 'client_error',
      told: nothingTold,
    });
    refuse(response, read, isNative);
  }

  const look: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
    '/v1/models': (response) =>
      sendJson(response, 200, {
        object: 'list',
        data: [
          { id: model.name, object: 'model', owned_by: 'fleetlens-simulated', max_model_len: model.contextTokens },
        ],
      }),
    ...(isOllama
      ? {
          '/api/version': (response) => sendJson(response, 200, { version: '0.0.0-simulated' }),
          '/api/tags': (response) => sendJson(response, 200, { models: [{ name: model.name, model: model.name }] }),
          '/api/ps': (response) =>
            sendJson(response, 200, {
              models: [{ name: model.name, model: model.name, size: memoryBytes, size_vram: memoryBytes }],
            }),
        }
      : {
          '/health': (response) => response.end(),
          '/version': (response) => sendJson(response, 200, { version: '0.0.0-simulated' }),
          '/metrics': async (response) => {
            const now = { running: batch.running(), waiting: batch.waiting(), cacheRatio: batch.cacheRatio() };
            const text = await metrics.render(now);
            response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
          },
        }),
  };

  const server = createServer((incoming, response) => {
    response.setHeader('Server', `fleetlens-simulated-${model.kind}`);
    const { method, url = '' } = incoming;
    const asked = method === 'GET' ? look[url] : undefined;
    if (asked !== undefined) return void asked(response);
    const isNative = isOllama && url === '/api/chat';
    if (method !== 'POST' || !(isNative || url === '/v1/chat/completions'))
      return sendJson(response, 404, { error: 'not found' });
    // Whoever breaks off while sending is told nothing.
    chat(incoming, response, isNative).catch(() => response.destroy());
  });
  server.keepAliveTimeout = keepAliveSeconds * 1000;
  await listen(server, anyPort);
  return {
    ...engine,
    url: urlOf(server, anyPort, false),
    stop: async () => {
      batch.stop();
      await closed(server);
    },
  };
}

/** After how many tokens the client will go away, if it says so. */
function holdOf({ headers }: IncomingMessage): number | undefined {
  const told = Number(headers[goesAfterHeader]);
  return Number.isSafeInteger(told) && told > 0 ? told : undefined;
}

function keyOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of incoming) {
    bytes += piece.length;
    if (bytes > longestBody) throw new Error('the body is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
