import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceMetrics } from '../../exporters/inference/client/inference-metrics.ts';
import { isShown, nameChoices } from '../../exporters/inference/names/otel-names.ts';
import { inference } from '../../metrics/inference.ts';
import { otelGenAi } from '../../metrics/otel-genai.ts';
import { tableRows } from '../laws/documents.ts';
import { buildDist } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { codeBlocks } from './code-blocks.ts';
import { root } from './manifests.ts';

const guide = readFileSync(join(root, 'docs/guides/inference-library.md'), 'utf8');
const names = readFileSync(join(root, 'docs/guides/inference-otel-names.md'), 'utf8');
const snippets = codeBlocks(guide, 'ts');

/** A folder in which the snippets are as deep as the guide, so that what they import is where they say. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'inference-guide-')));
const files = snippets.map((_, index) => join(folder, 'docs/guides', `snippet-${index}.ts`));

beforeAll(() => {
  mkdirSync(join(folder, 'docs/guides'), { recursive: true });
  for (const name of ['exporters', 'kit', 'metrics', 'node_modules', 'package.json']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  for (const [index, text] of snippets.entries()) writeFileSync(files[index] ?? '', text);
});
let server: Server | undefined;
afterAll(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true });
});

async function load(index: number): Promise<Readonly<Record<string, unknown>>> {
  return import(files[index] ?? '');
}

function compilerComplaints(): string {
  const config = join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [], files }));
  try {
    return execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    // Not instanceof: errors of Node are of another realm than the test.
    return typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : String(error);
  }
}

test('the snippets compile', () => {
  expect(files).toHaveLength(3);
  expect(compilerComplaints()).toBe('');
});

test('a snippet with a mistake would not', () => {
  const [first = ''] = files;
  writeFileSync(first, (snippets[0] ?? '').replace('request.get(', 'request.gett('));
  const complaints = compilerComplaints();
  writeFileSync(first, snippets[0] ?? '');
  expect(complaints).toContain("Property 'gett' does not exist");
});

test('the snippet for Express measures', async () => {
  const { app } = await load(0);
  server = createServer(app as RequestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const ask = (model: string) =>
    fetch(`${url}/v1/classify`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Team': 'blue' },
      body: JSON.stringify({ model, text: 'one two three four' }),
    });
  expect(await (await ask('bert-base')).json()).toEqual({ label: 'long', tokens: 4 });
  await ask('made-up');
  const text = await eventually('both requests', async () => {
    const scraped = await (await fetch(`${url}/metrics`)).text();
    return scraped.match(/^inference_requests_total/gm)?.length === 2 ? scraped : undefined;
  });
  const labels = 'engine_kind="service",model_name="bert-base",tenant="blue"';
  expect(text).toContain(`inference_tokens_input_total{${labels}} 4\n`);
  expect(text).toContain('model_name="other",tenant="blue",status="success"');
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
});

test('the snippet for fetch handlers measures', async () => {
  const { POST, GET } = (await load(1)) as Record<string, (request: Request) => Promise<Response>>;
  const request = new Request('http://a/v1', {
    method: 'POST',
    body: JSON.stringify({ messages: [{ content: 'one two' }] }),
  });
  const answer = await POST?.(request);
  expect(await answer?.text()).toMatch(/^data: .*"one".*\n\ndata: .*"two"[\s\S]*data: \[DONE\]\n\n$/);
  const scraped = await (await GET?.(new Request('http://a/metrics')))?.text();
  const labels = '{engine_kind="service",model_name="llama-3.1-8b",tenant=""}';
  expect(scraped).toContain(`inference_tokens_generated_total${labels} 2\n`);
  expect(scraped).toContain(`inference_inter_chunk_latency_seconds_count${labels} 1\n`);
});

test('the snippet by hand measures', async () => {
  const { metrics, generate } = await load(2);
  if (!(metrics instanceof InferenceMetrics) || typeof generate !== 'function') throw new Error('not exported');
  async function* model(prompt: string) {
    yield prompt;
    yield '!';
  }
  expect(await generate('hello', model)).toBe('hello!');
  const broken = () => {
    throw new Error('no weights');
  };
  await expect(generate('hello', broken)).rejects.toThrow('no weights');
  const { body } = await metrics.scrape();
  expect(body).toContain('status="success",reason=""} 1\n');
  expect(body).toContain('status="error",reason="server_error"} 1\n');
  expect(body).toContain('model_accuracy{model_name="llama-3.1-8b",dataset="mmlu"} 0.83\n');
});

test('the package exports it, and it runs without the sources', async () => {
  await buildDist();
  const program = `
    import { InferenceMetrics } from 'fleetlens/inference';
    const metrics = new InferenceMetrics({ processMetrics: false });
    metrics.start({ model: 'm' }).end();
    process.stdout.write((await metrics.scrape()).body);
  `;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' });
  expect(text).toContain('inference_requests_total{engine_kind="service",model_name="m",tenant="",status="success"');
});

describe('the guide of the names of OpenTelemetry', () => {
  test('has every choice', () => {
    const choices = tableRows(names, '`--metrics.names`').map(([choice = '']) => choice.replaceAll('`', ''));
    expect(choices.sort()).toEqual([...nameChoices].sort());
  });

  test('has every series with the name that it comes from', () => {
    const rows = tableRows(names, 'OpenTelemetry |').map(([from = '', series = '']) => [from, series]);
    expect(rows.map(([, series = '']) => series.replaceAll('`', '')).sort()).toEqual(Object.keys(otelGenAi).sort());
    for (const [from = '', series = ''] of rows) {
      expect(series.replace('_seconds', '')).toBe(from.replaceAll('.', '_'));
    }
  });

  test('has every metric that is left out', () => {
    const [, sentence = ''] = /With `otel` these are left out: (.*?)\./s.exec(names) ?? [];
    const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(inference).filter((name) => !isShown('otel', name)));
  });
});
