import { Agent, createServer, request as httpRequest, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Both ends of the streams: an LLM server that sends a token at a fixed pace with the time at which it was sent, and clients that note when it
 * came. One process, so that one clock counts and the other core is left to the proxy.
 */
export interface LoadOrder {
  /** Where clients connect: the server itself or a proxy in front of it. */
  readonly url: string;
  readonly streams: number;
  readonly tokens: number;
  readonly paceMs: number;
  /** Streams are held open at their end until a message `release` comes. */
  readonly hold?: boolean;
}

export interface LoadResult {
  /** From the sending of a chunk to its coming, in ms. */
  readonly chunkMs: readonly number[];
  /** From the sending of a request to its first token, in ms. */
  readonly firstTokenMs: readonly number[];
  readonly tokens: number;
  readonly seconds: number;
}

const path = '/v1/chat/completions';
const held = new Set<ServerResponse>();

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

async function answer(response: ServerResponse, { tokens, paceMs, hold }: LoadOrder): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const begin = nowMs();
  for (let token = 0; token < tokens; token++) {
    const content = nowMs().toFixed(4);
    response.write(
      `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench","choices":[{"index":0,"delta":{"content":"${content}"},"logprobs":null,"finish_reason":null}]}\n\n`,
    );
    const wait = begin + (token + 1) * paceMs - nowMs();
    if (wait > 0) await sleep(wait);
  }
  if (hold === true) {
    held.add(response);
    return;
  }
  response.write(
    `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":${tokens}}}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

const server = createServer((request, response) => {
  if (request.url !== path) {
    response.setHeader('Content-Type', 'application/json');
    response.end('{"object":"list","data":[{"id":"bench","object":"model"}]}');
    return;
  }
  let body = '';
  request.setEncoding('utf8').on('data', (piece: string) => {
    body += piece;
  });
  request.once('end', () => void answer(response, JSON.parse(body).metadata));
});

function stream(order: LoadOrder, agent: Agent, onToken: (latencyMs: number) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = nowMs();
    let first: number | undefined;
    const body = JSON.stringify({
      model: 'bench',
      stream: true,
      messages: [{ role: 'user', content: 'a question of some words' }],
      metadata: order,
    });
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const outgoing = httpRequest(`${order.url}${path}`, { method: 'POST', agent, headers }, (incoming) => {
      incoming.on('data', (bytes: Buffer) => {
        const now = nowMs();
        for (const [, content] of bytes.toString('latin1').matchAll(/"content":"([\d.]+)"/g)) {
          first ??= now - sent;
          onToken(now - Number(content));
        }
      });
      incoming.once('end', () => resolve(first ?? Number.NaN));
      incoming.once('error', reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function load(order: LoadOrder): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true });
  const chunkMs: number[] = [];
  const started = nowMs();
  const streams = [];
  for (let index = 0; index < order.streams; index++) {
    streams.push(stream(order, agent, (latency) => chunkMs.push(latency)));
    // Spread over one pace, as real clients are.
    await sleep(order.paceMs / order.streams);
  }
  const firstTokenMs = await Promise.all(streams);
  agent.destroy();
  return { chunkMs, firstTokenMs, tokens: chunkMs.length, seconds: (nowMs() - started) / 1000 };
}

function release(): void {
  for (const response of held) response.end('data: [DONE]\n\n');
  held.clear();
}

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
process.on('message', (message: LoadOrder | 'release') => {
  if (message === 'release') release();
  else void load(message).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
