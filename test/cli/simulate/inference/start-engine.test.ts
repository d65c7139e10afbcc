import { request } from 'node:http';
import OpenAI from 'openai';
import { goesAfterHeader } from '../../../../cli/simulate/inference/engine/goes-after.ts';
import { type RunningEngine, startEngine } from '../../../../cli/simulate/inference/engine/start-engine.ts';
import { createServingTruth, type ServingTruth } from '../../../../cli/simulate/inference/serving-truth.ts';
import { simulatedEngines } from '../../../../cli/simulate/inference/simulated-engines.ts';
import { systemClock } from '../../../../kit/clock.ts';
import { eventually } from '../../../support/eventually.ts';
import { parseExposition } from '../../../support/exposition.ts';

// The engines speak with the client that people use, and with one that takes the bytes as they come.

const engines = simulatedEngines({ seed: 1, nodes: 2, gpus: 8, scenario: 'healthy' });
const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const gemma = 'gemma3:4b';
let truth: ServingTruth;
let running: RunningEngine | undefined;

async function start(name: string): Promise<string> {
  const engine = engines.find((each) => each.name === name);
  if (engine === undefined) throw new Error(`no engine ${name}`);
  truth = createServingTruth();
  running = await startEngine(engine, {
    clock: systemClock,
    second: () => 0,
    speed: 100,
    truth,
    tenantOf: (apiKey) => (apiKey === 'sk-a' ? 'team-a' : 'unknown'),
  });
  return running.url;
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const question = [{ role: 'user', content: 'Tell me all in 20 words.' }] as const;
const client = (url: string): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-a', maxRetries: 0 });

function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { Authorization: 'Bearer sk-a', ...headers },
  });
}

test('a whole answer has as many tokens as were asked for, and says what came from the cache', async () => {
  const url = await start('llama-1');
  const long = [{ role: 'user', content: `${'word '.repeat(40)}in 20 words` }] as const;
  const ask = () => client(url).chat.completions.create({ model: llama, messages: [...long] });
  const first = await ask();
  expect(first.usage).toMatchObject({ prompt_tokens: 43, completion_tokens: 20, total_tokens: 63 });
  expect(first.choices[0]?.message.content?.split(' ')).toHaveLength(20);
  expect(first.choices[0]?.message.content).toContain('simulated');
  expect(first.choices[0]?.finish_reason).toBe('stop');
  expect((await ask()).usage?.prompt_tokens_details?.cached_tokens).toBe(32);
  expect(truth.counts()).toEqual([
    {
      engine: 'llama-1',
      tenant: 'team-a',
      model: llama,
      ending: 'success',
      requests: 2,
      inputTokens: 86,
      generatedTokens: 40,
      cachedTokens: 32,
      withoutUsage: 0,
    },
  ]);
});

test('an answer that may not be so long is cut off', async () => {
  const url = await start('llama-1');
  const answer = await client(url).chat.completions.create({ model: llama, messages: [...question], max_tokens: 3 });
  expect(answer.choices[0]?.finish_reason).toBe('length');
  expect(answer.usage?.completion_tokens).toBe(3);
});

test('a stream has a piece for each token, and its usage only if that is asked for', async () => {
  const url = await start('llama-1');
  const read = async (options?: OpenAI.ChatCompletionStreamOptions) => {
    const stream = await client(url).chat.completions.create({
      model: llama,
      messages: [...question],
      stream: true,
      ...(options === undefined ? {} : { stream_options: options }),
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
  };
  const plain = await read();
  expect(plain.filter(({ choices }) => choices[0]?.delta.content)).toHaveLength(20);
  expect(plain.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  expect(plain.some(({ usage }) => usage !== undefined)).toBe(false);
  const withUsage = await read({ include_usage: true });
  expect(withUsage.filter(({ usage }) => usage !== undefined)).toHaveLength(1);
  expect(withUsage.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 6, completion_tokens: 20 } });
});

test('vLLM tells its usage with every piece if asked for', async () => {
  const url = await start('llama-1');
  const options = { include_usage: true, continuous_usage_stats: true };
  const answer = await post(`${url}/v1/chat/completions`, {
    model: llama,
    messages: question,
    stream: true,
    stream_options: options,
  });
  const events = (await answer.text()).split('\n\n').filter((event) => event.startsWith('data: {'));
  const generated = events.map((event) => JSON.parse(event.slice('data: '.length)).usage.completion_tokens);
  expect(generated).toEqual([...Array.from({ length: 21 }, (_, token) => token), 20]);
});

test('Ollama answers in lines, of which the last tells the usage', async () => {
  const url = await start('gemma-1');
  const answer = await post(`${url}/api/chat`, { model: gemma, messages: question, options: { num_predict: 5 } });
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await answer.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(6);
  expect(lines.slice(0, 5).every(({ done, message }) => done === false && message.content !== '')).toBe(true);
  expect(lines[5]).toMatchObject({ done: true, done_reason: 'length', prompt_eval_count: 6, eval_count: 5 });
  const whole = await post(`${url}/api/chat`, { model: gemma, messages: question, stream: false });
  expect(await whole.json()).toMatchObject({ done: true, done_reason: 'stop', prompt_eval_count: 6, eval_count: 20 });
});

test.each([
  ['a model that it does not serve', { model: 'other', messages: question }, 404, 'other'],
  [
    'a prompt that is too long',
    { model: llama, messages: [{ role: 'user', content: 'word '.repeat(2049) }] },
    400,
    llama,
  ],
  ['no messages', { model: llama }, 400, llama],
])('%s is an error in the form of OpenAI, and is counted', async (_what, body, status, model) => {
  const url = await start('llama-1');
  const answer = await post(`${url}/v1/chat/completions`, body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { message: expect.any(String), code: status } });
  expect(truth.counts()).toMatchObject([{ ending: 'client_error', requests: 1, model, inputTokens: 0 }]);
});

test('what is no JSON is an error too', async () => {
  const url = await start('llama-1');
  const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{' });
  expect(answer.status).toBe(400);
});

/** Reads until so many lines hold text, and goes away. */
function leaveAfter(url: string, body: object, tokens: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: 'Bearer sk-a', [goesAfterHeader]: String(tokens) };
    const outgoing = request(url, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.split('\n').filter((line) => /"content":"[^"]/.test(line)).length < tokens) return;
        outgoing.destroy();
        resolve();
      });
      answer.on('error', () => undefined);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}

test.each([
  ['with usage in every piece all is known', { include_usage: true, continuous_usage_stats: true }, 6, 0],
  ['with usage at the end alone only the pieces are', { include_usage: true }, 0, 1],
])('of an answer that is left: %s', async (_what, options, inputTokens, withoutUsage) => {
  const url = await start('llama-1');
  const body = { model: llama, messages: question, stream: true, stream_options: options };
  await leaveAfter(`${url}/v1/chat/completions`, body, 7);
  const counts = await eventually('the end of the request', () => truth.counts()[0]);
  expect(counts).toMatchObject({ ending: 'cancelled', requests: 1, inputTokens, generatedTokens: 7, withoutUsage });
});

test('Ollama has told nothing but the pieces of an answer that is left', async () => {
  const url = await start('gemma-1');
  await leaveAfter(`${url}/api/chat`, { model: gemma, messages: question }, 4);
  const counts = await eventually('the end of the request', () => truth.counts()[0]);
  expect(counts).toMatchObject({ ending: 'cancelled', inputTokens: 0, generatedTokens: 4, withoutUsage: 1 });
});

test('it says that it is simulated: in a header and in its list of models', async () => {
  const url = await start('llama-1');
  const models = await fetch(`${url}/v1/models`);
  expect(models.headers.get('server')).toBe('fleetlens-simulated-vllm');
  expect(await models.json()).toMatchObject({ data: [{ id: llama, owned_by: 'fleetlens-simulated' }] });
});

test('vLLM has /health and metrics in the text format, Ollama its own paths and no metrics', async () => {
  const vllm = await start('llama-1');
  expect((await fetch(`${vllm}/health`)).status).toBe(200);
  await client(vllm).chat.completions.create({ model: llama, messages: [...question] });
  const families = parseExposition('text', await (await fetch(`${vllm}/metrics`)).text());
  for (const family of families.values())
    for (const { labels } of family.samples) expect(labels).toMatchObject({ model_name: llama, engine: '0' });
  const value = (name: string, finished?: string): string | undefined =>
    families.get(name)?.samples.find(({ labels }) => finished === undefined || labels['finished_reason'] === finished)
      ?.value;
  expect(value('vllm:prompt_tokens_total')).toBe('6');
  expect(value('vllm:generation_tokens_total')).toBe('20');
  expect(value('vllm:request_success_total', 'stop')).toBe('1');
  expect(value('vllm:request_success_total', 'abort')).toBe('0');
  expect(value('vllm:num_requests_running')).toBe('0');
  await running?.stop();

  const ollama = await start('gemma-1');
  expect(await (await fetch(`${ollama}/api/version`)).json()).toMatchObject({ version: expect.any(String) });
  expect(await (await fetch(`${ollama}/api/tags`)).json()).toMatchObject({ models: [{ name: gemma }] });
  expect((await fetch(`${ollama}/metrics`)).status).toBe(404);
});
