import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a client asks the fake for, in `metadata` of the request body; the proxy knows nothing of it. */
export interface Script {
  /** Tokens of the answer, one in each piece. */
  readonly tokens?: number;
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  /** Milliseconds between two pieces. */
  readonly paceMs?: number;
  /** How the bytes of a stream are cut into writes: at events, or every so many bytes. */
  readonly cutEvery?: number;
  /** Line ends of the stream. */
  readonly lineEnd?: '\n' | '\r\n';
  readonly fault?:
    | 'reset_before'
    | 'hang_before'
    | 'slow_headers'
    | 'status_500'
    | 'status_503'
    | 'status_429'
    | 'status_400'
    | 'reset_within'
    | 'hang_within'
    | 'error_within'
    | 'malformed_within'
    | 'no_usage'
    /** Sends all pieces and then waits until the client goes away. */
    | 'wait_at_end';
  /** Length of a piece of the answer, filled up. */
  readonly pieceBytes?: number;
}

export interface SeenLlmRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** What the server itself knows it has done. */
export interface LlmTruth {
  requests: number;
  /** Answered to their end without error. */
  finished: number;
  promptTokens: number;
  /** Tokens of answers, those included that were cut off. */
  generatedTokens: number;
  /** Connections that the client closed while it was being answered. */
  aborted: number;
}

export interface FakeLlmServer {
  readonly url: string;
  readonly seen: readonly SeenLlmRequest[];
  readonly truth: LlmTruth;
  /** Status of /health. */
  setHealth: (status: number) => void;
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
}

interface Settings {
  readonly models?: readonly string[];
  readonly port?: number;
  /** A name that stands in the header Server of answers. */
  readonly name?: string;
  /** Text of /metrics. */
  readonly metrics?: () => string;
}

/**
 * Not an LLM: a server on loopback that speaks the protocols of OpenAI (chat, completions, responses, embeddings) and of Ollama as real ones do,
 * sends what it is told to, misbehaves as told, and knows the truth about it.
 */
export async function startFakeLlm({
  models = ['m1'],
  port = 0,
  name = 'fake-llm',
  metrics,
}: Settings = {}): Promise<FakeLlmServer> {
  const seen: SeenLlmRequest[] = [];
  const truth: LlmTruth = { requests: 0, finished: 0, promptTokens: 0, generatedTokens: 0, aborted: 0 };
  let health = 200;
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    response.setHeader('Server', name);
    const path = (request.url ?? '').replace(/\?.*/, '');
    if (path === '/health' || path === '/api/version') {
      response.statusCode = health;
      response.end('{}');
    } else if (path === '/v1/models') {
      sendJson(response, { object: 'list', data: models.map((id) => ({ id, object: 'model', owned_by: name })) });
    } else if (path === '/metrics' && metrics !== undefined) {
      response.end(metrics());
    } else {
      void readAll(request).then((body) => {
        const { headers, rawHeaders } = request;
        seen.push({ path: request.url ?? '', headers, rawHeaders, body });
        return answer(path, body, response, truth);
      });
    }
  });
  server.on('connection', (socket) => {
    connections++;
    socket.once('close', () => connections--);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    truth,
    setHealth: (status) => {
      health = status;
    },
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    // The client went away with its request unfinished.
  }
  return Buffer.concat(pieces);
}

interface Asked {
  readonly model?: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean; readonly continuous_usage_stats?: boolean };
  readonly metadata?: Script;
  readonly options?: Script;
}

async function answer(path: string, body: Buffer, response: ServerResponse, truth: LlmTruth): Promise<void> {
  truth.requests++;
  let asked: Asked;
  try {
    asked = JSON.parse(body.toString('utf8')) as Asked;
  } catch {
    response.statusCode = 400;
    return sendJson(response, { error: { message: 'bad JSON', type: 'BadRequestError', code: 400 } });
  }
  const script = asked.metadata ?? asked.options ?? {};
  if (await failsBefore(script, response)) return;
  truth.promptTokens += script.promptTokens ?? 10;
  const isOllama = path.startsWith('/api/');
  const isStream = asked.stream ?? (isOllama && !path.includes('embed'));
  if (!isStream) {
    if (path.includes('embed')) truth.generatedTokens += 0;
    else truth.generatedTokens += script.tokens ?? 5;
    truth.finished++;
    return sendJson(response, whole(path, asked, script));
  }
  response.once('close', () => {
    if (!response.writableFinished) truth.aborted++;
  });
  response.writeHead(200, { 'Content-Type': isOllama ? 'application/x-ndjson' : 'text/event-stream; charset=utf-8' });
  await stream(streamOf(path, asked, script), { response, script, truth });
}

async function failsBefore({ fault }: Script, response: ServerResponse): Promise<boolean> {
  switch (fault) {
    case 'reset_before':
      response.socket?.resetAndDestroy();
      return true;
    case 'hang_before':
      return true;
    case 'slow_headers':
      await sleep(600);
      return false;
    case 'status_500':
    case 'status_503':
    case 'status_429':
    case 'status_400':
      response.statusCode = Number(fault.slice(-3));
      if (fault === 'status_429') response.setHeader('Retry-After', '7');
      sendJson(response, { error: { message: `told to answer ${fault}`, type: 'fake', code: fault } });
      return true;
    default:
      return false;
  }
}

/** One event of a stream: its bytes, and whether it is a token. */
interface Piece {
  readonly text: string;
  readonly isToken: boolean;
}

async function stream(
  pieces: readonly Piece[],
  { response, script, truth }: { response: ServerResponse; script: Script; truth: LlmTruth },
): Promise<void> {
  const middle = Math.floor((script.tokens ?? 5) / 2);
  let tokens = 0;
  for (const { text, isToken } of pieces) {
    if (response.destroyed) return;
    if (isToken && tokens === middle && (await failsWithin(script, response))) return;
    tokens += Number(isToken);
    truth.generatedTokens += Number(isToken);
    await write(response, Buffer.from(text), script);
    if (waitsNow(script, tokens)) return;
  }
  finish(response, truth);
}

function finish(response: ServerResponse, truth: LlmTruth): void {
  if (response.destroyed) return;
  response.end();
  truth.finished++;
}

function waitsNow({ fault, tokens }: Script, sent: number): boolean {
  return fault === 'wait_at_end' && sent === tokens;
}

async function failsWithin({ fault, lineEnd = '\n' }: Script, response: ServerResponse): Promise<boolean> {
  switch (fault) {
    case 'reset_within':
      // What was written before must have gone, or nobody knows how much came.
      await sleep(100);
      response.socket?.resetAndDestroy();
      return true;
    case 'hang_within':
      return true;
    case 'error_within':
      response.end(
        `data: {"error":{"message":"engine died","type":"InternalServerError","code":500}}${lineEnd}${lineEnd}`,
      );
      return true;
    case 'malformed_within':
      response.write(
        `data: {"choices": [${lineEnd}${lineEnd}: a comment${lineEnd}${lineEnd}data: ${lineEnd}${lineEnd}`,
      );
      return false;
    default:
      return false;
  }
}

async function write(response: ServerResponse, bytes: Buffer, { cutEvery, paceMs }: Script): Promise<void> {
  const step = cutEvery ?? bytes.length;
  for (let at = 0; at < bytes.length; at += step) {
    if (!response.write(bytes.subarray(at, at + step)) && !response.destroyed) {
      await new Promise<void>((resolve) => {
        const goOn = (): void => {
          response.off('drain', goOn).off('close', goOn);
          resolve();
        };
        response.on('drain', goOn).on('close', goOn);
      });
    }
    // Each cut in a write of its own.
    if (cutEvery !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  if (paceMs !== undefined) await sleep(paceMs);
}

function word(index: number, { pieceBytes = 0 }: Script): string {
  return `wört${index} ✓`.padEnd(pieceBytes, 'x');
}

function openAiUsage({ tokens = 5, promptTokens = 10, cachedTokens = 0 }: Script, upTo = tokens): object {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + upTo,
    completion_tokens: upTo,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

function streamOf(path: string, asked: Asked, script: Script): readonly Piece[] {
  if (path === '/v1/responses') return responsesStream(asked, script);
  if (path.startsWith('/api/')) return ollamaStream(path, asked, script);
  return completionsStream(path, asked, script);
}

function completionsStream(path: string, asked: Asked, script: Script): readonly Piece[] {
  const { tokens = 5, lineEnd = '\n' } = script;
  const isChat = path === '/v1/chat/completions';
  const options = asked.stream_options ?? {};
  const event = (value: object): string => `data: ${JSON.stringify(value)}${lineEnd}${lineEnd}`;
  const chunk = (choices: readonly object[], usage?: object): string =>
    event({
      id: 'cmpl-1',
      object: isChat ? 'chat.completion.chunk' : 'text_completion',
      created: 1_790_000_000,
      model: asked.model,
      choices,
      ...(usage === undefined ? {} : { usage }),
    });
  const running = (upTo: number): object | undefined =>
    options.continuous_usage_stats === true ? openAiUsage(script, upTo) : undefined;
  const pieces: Piece[] = [];
  if (isChat)
    pieces.push({ text: chunk([{ index: 0, delta: { role: 'assistant', content: '' } }], running(0)), isToken: false });
  for (let index = 0; index < tokens; index++) {
    const content = word(index, script);
    const choice = isChat ? { index: 0, delta: { content } } : { index: 0, text: content };
    pieces.push({ text: chunk([{ ...choice, finish_reason: null }], running(index + 1)), isToken: true });
  }
  const last = { index: 0, ...(isChat ? { delta: {} } : { text: '' }), finish_reason: 'stop' };
  pieces.push({ text: chunk([last], running(tokens)), isToken: false });
  if (options.include_usage === true && script.fault !== 'no_usage')
    pieces.push({ text: chunk([], openAiUsage(script)), isToken: false });
  pieces.push({ text: `data: [DONE]${lineEnd}${lineEnd}`, isToken: false });
  return pieces;
}

function responsesUsage({ tokens = 5, promptTokens = 10, cachedTokens = 0 }: Script): object {
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: tokens,
    output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: promptTokens + tokens,
  };
}

function responsesStream(asked: Asked, script: Script): readonly Piece[] {
  const event = (type: string, value: object, isToken = false): Piece => ({
    text: `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`,
    isToken,
  });
  const words = Array.from({ length: script.tokens ?? 5 }, (_, index) => word(index, script));
  return [
    event('response.created', { response: { id: 'resp_1', status: 'in_progress', model: asked.model, usage: null } }),
    ...words.map((delta, index) =>
      event('response.output_text.delta', { item_id: 'msg_1', delta, sequence_number: index }, true),
    ),
    event('response.completed', {
      response: { id: 'resp_1', status: 'completed', model: asked.model, usage: responsesUsage(script) },
    }),
  ];
}

function ollamaStream(path: string, asked: Asked, script: Script): readonly Piece[] {
  const { tokens = 5, promptTokens = 10 } = script;
  const isChat = path === '/api/chat';
  const line = (value: object): string =>
    `${JSON.stringify({ model: asked.model, created_at: '2026-11-01T00:00:00Z', ...value })}\n`;
  const said = (content: string): object =>
    isChat ? { message: { role: 'assistant', content } } : { response: content };
  return [
    ...Array.from({ length: tokens }, (_, index) => ({
      text: line({ ...said(word(index, script)), done: false }),
      isToken: true,
    })),
    {
      text: line({
        ...said(''),
        done: true,
        done_reason: 'stop',
        total_duration: 5_000_000_000,
        prompt_eval_count: promptTokens,
        eval_count: tokens,
      }),
      isToken: false,
    },
  ];
}

function whole(path: string, asked: Asked, script: Script): object {
  const { tokens = 5, promptTokens = 10 } = script;
  const content = Array.from({ length: tokens }, (_, index) => word(index, script)).join('');
  const base = { id: 'x-1', created: 1_790_000_000, model: asked.model };
  const usage = script.fault === 'no_usage' ? {} : { usage: openAiUsage(script) };
  switch (path) {
    case '/v1/embeddings': {
      const data = [{ object: 'embedding', index: 0, embedding: [0.1, 1.0e-7, -0.25] }];
      return { ...base, object: 'list', data, usage: { prompt_tokens: promptTokens, total_tokens: promptTokens } };
    }
    case '/v1/responses':
      return {
        ...base,
        object: 'response',
        status: 'completed',
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: content }] }],
        usage: responsesUsage(script),
      };
    case '/api/chat':
      return {
        ...base,
        message: { role: 'assistant', content },
        done: true,
        prompt_eval_count: promptTokens,
        eval_count: tokens,
      };
    case '/api/generate':
      return { ...base, response: content, done: true, prompt_eval_count: promptTokens, eval_count: tokens };
    case '/api/embed':
      return { ...base, embeddings: [[0.1, 0.2]], prompt_eval_count: promptTokens };
    default:
      return {
        ...base,
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        ...usage,
      };
  }
}

function sendJson(response: ServerResponse, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', body.length);
  response.end(body);
}
