import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeHttpServer, startFakeHttpServer } from '../../support/fake-http-server.ts';
import { runMain } from '../../support/run-main.ts';

const dayMs = 86_400_000;
const fromMs = Date.UTC(2026, 2, 1);
const labels = { cluster: 'prod', node: 'gpu-01', job: 'gpu', instance: 'gpu-01:9400', model: 'H100' };

let folder = '';
let server: FakeHttpServer;
let failsFrom = Number.POSITIVE_INFINITY;

/** Three GPUs of a node with a temperature. */
beforeAll(async () => {
  server = await startFakeHttpServer((response, { path, form }, turn) => {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (turn >= failsFrom) return send(422, { status: 'error', errorType: 'execution', error: 'out of order' });
    const query = form.get('query') ?? '';
    const isKnown = path.endsWith('/query_range') && /^group by .*gpu_info|avg_over_time\(gpu_temperature/.test(query);
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
    const result = !isKnown
      ? []
      : ['1', '2', '3'].map((name) => ({
          metric: { ...labels, uuid: `GPU-${name}` },
          values: valuesOf(start, end, step),
        }));
    send(200, { status: 'success', data: { resultType: path.endsWith('/query_range') ? 'matrix' : 'vector', result } });
  });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prediction-backfill-'));
  failsFrom = Number.POSITIVE_INFINITY;
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => server.stop());

function valuesOf(start = 0, end = 0, step = 1): readonly (readonly [number, string])[] {
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, at) => [start + at * step, '50'] as const);
}

function run(command: string, ...argv: readonly string[]) {
  return runMain('prediction', command, `--data=${folder}`, ...argv);
}

function backfill(days: number, ...argv: readonly string[]) {
  const to = new Date(fromMs + days * dayMs).toISOString();
  return run('backfill', `--prometheus.url=${server.url}`, '--from=2026-03-01', `--to=${to}`, ...argv);
}

test('history is read into a folder, and models are made from it and asked', async () => {
  const read = await backfill(6);
  expect(read.status).toBe(0);
  expect(read.stdout).toMatch(/^72 rows of GPUs and \d+ rows? of nodes, 2026-03-01 00:00 UTC to 2026-03-07 00:00 UTC/);
  expect(readdirSync(join(folder, 'features', 'gpu'))).toHaveLength(6);
  const trained = await run('train');
  expect([trained.status, trained.stdout]).toEqual([0, expect.stringContaining('prior only')]);
  const tickets = join(folder, 'tickets.csv');
  writeFileSync(tickets, 'entity,start,end,kind\nGPU-2,2026-03-05,2026-03-06,memory\n');
  expect((await run('train', `--tickets=${tickets}`)).stdout).toContain('made from 1 incident;');
  const scored = await run('score', `--tickets=${tickets}`);
  expect(scored.stdout).toMatch(/^3 GPUs as of 2026-03-07 00:00 UTC.*\n(.*\n)*GPU-2 {2}gpu-01 .* recent_failures/);
}, 60_000);

test('what was read is not read again, and products are known', async () => {
  await backfill(2);
  const before = server.requests.length;
  const again = JSON.parse((await backfill(3, '--json')).stdout) as { rows: { gpu: number }; queries: number };
  expect(again.rows.gpu).toBe(12);
  expect(server.requests.length - before).toBe(again.queries);
  const { products, source } = JSON.parse(readFileSync(join(folder, 'failures.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(products).toEqual({ 'gpu/prod/GPU-1': 'H100', 'gpu/prod/GPU-2': 'H100', 'gpu/prod/GPU-3': 'H100' });
  expect(source).toBe(server.url);
}, 60_000);

test('failures of all that was read before are kept in sight, and no password is written down', async () => {
  await backfill(2);
  const url = server.url.replace('//', '//reader:secret@');
  const later = await run('backfill', `--prometheus.url=${url}`, '--from=2026-03-03', '--to=2026-03-04');
  expect(later.status).toBe(0);
  const text = readFileSync(join(folder, 'failures.json'), 'utf8');
  const span = JSON.parse(text) as { fromMs: number; untilMs: number };
  expect([span.fromMs, span.untilMs]).toEqual([fromMs - 90 * dayMs, fromMs + 3 * dayMs]);
  expect(text).not.toContain('secret');
}, 60_000);

test('a server that fails is told, and it goes on where it was', async () => {
  failsFrom = server.requests.length + 150;
  const failed = await backfill(4);
  expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining('out of order')]);
  const stored = readdirSync(join(folder, 'features', 'gpu')).length;
  failsFrom = Number.POSITIVE_INFINITY;
  expect((await backfill(4)).stdout).toContain(`${(4 - stored) * 12} rows of GPUs`);
}, 60_000);

test.each<readonly [readonly string[], string]>([
  [[], '--from is missing'],
  [['--from=tomorrow'], '--from must be a time'],
  [['--from=2026-03-02', '--to=2026-03-01'], '--from must be before --to'],
  [['--from=2026-03-01', '--prometheus.url=ftp://x'], 'must be an http or https URL'],
])('%j is refused', async (argv, message) => {
  const ran = await run('backfill', ...argv);
  expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('a damaged list of failures is refused by its name', async () => {
  await backfill(1);
  const file = join(folder, 'failures.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('H100', 'H200'));
  const ran = await run('train');
  expect([ran.status, ran.stderr]).toEqual([
    1,
    expect.stringContaining('failures.json cannot be used: it was changed or damaged'),
  ]);
}, 60_000);
