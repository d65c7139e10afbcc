import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createQualityBook } from '../../../../exporters/inference/quality/quality-book.ts';
import { type ProxyUnderTest, startProxy, stopProxies } from '../../../support/inference-proxy.ts';

afterEach(stopProxies);

async function push({ webUrl }: ProxyUnderTest, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${webUrl}/api/v1/quality`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  });
  return { status: response.status, text: await response.text() };
}

test('the last quality of a model and data set is shown', async () => {
  const exporter = await startProxy();
  const before = Date.now() / 1000;
  for (const accuracy of [0.5, 0.71])
    expect(await push(exporter, { model_name: 'm', dataset: 'mmlu', accuracy, threshold: 0.6 })).toEqual({
      status: 204,
      text: '',
    });
  await push(exporter, { model_name: 'm', accuracy: 1 });
  const text = await exporter.metrics();
  expect(text).toContain('model_accuracy{model_name="m",dataset="mmlu"} 0.71\n');
  expect(text).toContain('model_accuracy{model_name="m",dataset=""} 1\n');
  expect(text).toContain('model_accuracy_threshold{model_name="m",dataset="mmlu"} 0.6\n');
  expect(text).not.toContain('model_accuracy_threshold{model_name="m",dataset=""}');
  expect(await exporter.sum('model_accuracy_timestamp_seconds', { dataset: 'mmlu' })).toBeGreaterThanOrEqual(
    Math.floor(before),
  );
});

test.each([
  ['no json', 'the body is no JSON\n'],
  ['[]', 'the body must be a JSON object\n'],
  ['{"accuracy":1}', 'model_name must be a text of 1 to 256 characters\n'],
  ['{"model_name":"m"}', 'accuracy must be a number from 0 to 1\n'],
  ['{"model_name":"m","accuracy":71}', 'accuracy must be a number from 0 to 1\n'],
  ['{"model_name":"m","accuracy":1,"threshold":"x"}', 'threshold must be a number from 0 to 1\n'],
  ['{"model_name":"m","accuracy":1,"dataset":5}', 'dataset must be a text of at most 256 characters\n'],
  ['{"model_name":"m","accuracy":1,"run":5}', 'run is not known; there are model_name, dataset, accuracy, threshold\n'],
])('%s is refused', async (body, text) => {
  const exporter = await startProxy();
  expect(await push(exporter, body)).toEqual({ status: 400, text });
  expect(await exporter.metrics()).not.toContain('model_accuracy{');
});

test('a body beyond all measure is refused', async () => {
  const exporter = await startProxy();
  expect(await push(exporter, `{"model_name":"${'x'.repeat(20_000)}"}`)).toEqual({
    status: 413,
    text: 'the body is larger than 16kb\n',
  });
});

test('with a token only whoever has it may push', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-quality-'));
  writeFileSync(join(folder, 'token'), 'sesame\n');
  const exporter = await startProxy({ argv: [`--quality.token-file=${join(folder, 'token')}`] });
  const body = { model_name: 'm', accuracy: 1 };
  expect((await push(exporter, body)).status).toBe(401);
  expect((await push(exporter, body, { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await push(exporter, body, { authorization: 'Bearer sesame' })).status).toBe(204);
  rmSync(folder, { recursive: true });
});

test('qualities are forgotten after a while, and there are not more than may be', () => {
  const time = { now: 1000 };
  const book = createQualityBook(60, { now: () => time.now, monotonic: () => time.now });
  const quality = (modelName: string) => ({ modelName, dataset: '', accuracy: 1, threshold: undefined });
  for (let index = 0; index < 1000; index++) expect(book.add(quality(`m${index}`))).toBe(true);
  expect(book.add(quality('one more'))).toBe(false);
  expect(book.add(quality('m5'))).toBe(true);
  time.now += 61;
  expect(book.add(quality('one more'))).toBe(true);
  expect(book.all().map(({ modelName }) => modelName)).toEqual(['one more']);
});
