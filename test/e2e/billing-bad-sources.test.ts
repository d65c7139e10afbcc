import { createServer } from 'node:http';
import { type Asked, byPod, isExact, near, read, totals } from '../support/billing-read.ts';
import { at, exporter, had, hour, hours, plain, since, type Tenure, there } from '../support/billing-targets.ts';
import { type GoBetween, startGoBetween } from '../support/go-between.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { blocksOf, type SimulatedTarget, scraped } from '../support/scraped.ts';

const tenures: readonly Tenure[] = [
  { uuid: 'GPU-1', namespace: 'team-a', pod: 'train', fromMs: at(-50), untilMs: at(9) },
  { uuid: 'GPU-2', namespace: 'team-b', pod: 'serve', fromMs: at(0, 30), untilMs: at(9) },
];

const who = { namespace: 'n', pod: 'p' };
const restarts = [at(-100), at(0, 20), at(0, 40)];
const startOf = (ms: number): number => restarts.findLast((start) => start <= ms) ?? at(-100);

/** A proxy whose counter begins again twice within an hour, and says things that cannot be at some times. */
const odd: SimulatedTarget = plain('odd', 'n1', (ms) => {
  const value = Math.floor((ms - startOf(ms)) / 100);
  const model = { tenant: 'a', model_name: 'llama', engine: '', engine_kind: 'proxy' };
  const said = (absurd: number): number => (ms >= at(1) && ms < at(1, 1) ? absurd : value);
  return [
    ['process_start_time_seconds', {}, startOf(ms) / 1000],
    ['inference_tokens_input_total', model, value],
    ['inference_tokens_generated_total', model, said(-5)],
    ['inference_requests_total', { ...model, status: 'success' }, said(1e17)],
    [
      'kube_persistentvolumeclaim_resource_requests_storage_bytes',
      { namespace: 'n', persistentvolumeclaim: 'c' },
      said(1e17),
    ],
    ...there('GPU-1'),
    ...had('GPU-1', who, [since(ms, startOf(ms)), since(ms, startOf(ms))]),
    ...there('GPU-2'),
    // A day more than there is, from one scrape to the next.
    ...had('GPU-2', who, [since(ms, at(-50)) + (ms >= at(1) ? 86_400 : 0), since(ms, at(-50))]),
  ];
});

const targets: readonly SimulatedTarget[] = [
  exporter('plain', 'n1', ['GPU-1', 'GPU-2'], tenures),
  { ...odd, metrics: (ms) => odd.metrics(ms).slice(1) },
  exporter('sparse', 'n1', ['GPU-1'], tenures, { intervalMs: 300_000 }),
];

let prometheus: RunningPrometheus;
let between: GoBetween;
let removeBlocks: () => void;

beforeAll(async () => {
  const blocks = blocksOf(scraped(targets, 's'));
  removeBlocks = blocks.remove;
  prometheus = await startPrometheus({
    config: 'global: {scrape_interval: 1m}\n',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=100y'],
  });
  between = await startGoBetween(prometheus.url);
}, 120_000);

beforeEach(() => {
  between.answer = undefined;
  between.meddle = (answer) => answer;
  between.asked.length = 0;
});

afterAll(async () => {
  await between?.stop();
  await prometheus?.stop();
  removeBlocks?.();
});

const asking = (more: Partial<Asked> = {}): Asked => ({
  cluster: 'plain',
  spans: hours(0, 2),
  url: between.url,
  ...more,
});

describe('a store that does not tell all', () => {
  test('Thanos is told to give what was scraped, whole or not at all', async () => {
    await read(asking());
    expect(between.asked.length).toBeGreaterThan(5);
    const told = between.asked.map(({ url }) => [url.get('partial_response'), url.get('max_source_resolution')]);
    expect(told.filter(([partial, resolution]) => partial !== 'false' || resolution !== '0s')).toEqual([]);
  });

  const answers = [
    ['samples', /\[\d+ms\]$/, 'up'],
    ['instant answers', /^group by/, 'group by'],
    ['lists of series', /^gpu_info/, 'gpu_info'],
  ] as const;

  test.each(answers)(
    'warnings of Thanos with %s: nothing is billed, and the reason is said',
    async (_, query, what) => {
      between.meddle = (answer, asked) =>
        query.test(asked.query) ? { ...answer, warnings: ['store 10.1.2.3:10901 is down'] } : answer;
      await expect(read(asking())).rejects.toThrow(
        new RegExp(
          `^main: the answer for ${what}.* is not complete, so it is not billed: store 10.1.2.3:10901 is down$`,
        ),
      );
    },
  );

  test.each(answers)('isPartial of VictoriaMetrics with %s', async (_, query) => {
    between.meddle = (answer, asked) => (query.test(asked.query) ? { ...answer, isPartial: true } : answer);
    await expect(read(asking())).rejects.toThrow(/^main: the answer for .* is not complete, so it is not billed$/);
  });

  test('a hint about the query is no lack of data', async () => {
    between.meddle = (answer) => ({ ...answer, warnings: ['PromQL info: metric might not be a counter'] });
    const { windows } = await read(asking());
    expect(totals(windows, byPod)['GPU-1 used train']).toBe(2 * hour);
  });

  test('averages instead of samples', async () => {
    await expect(read(asking({ cluster: 'sparse', url: prometheus.url }))).rejects.toThrow(
      'samples of the target n1:9400 of gpu are 300 s apart; downsampled data are not billed. Ask a store that keeps raw samples',
    );
    const { windows } = await read(asking({ cluster: 'sparse', source: { scrape_interval: '5m' } }));
    expect(totals(windows, byPod)).toEqual({ 'GPU-1 used train': 2 * hour });
  });

  test('an empty answer is no zero', async () => {
    between.meddle = (answer, { query }) =>
      query === 'time()'
        ? answer
        : { status: 'success', data: { resultType: /ms\]$/.test(query) ? 'matrix' : 'vector', result: [] } };
    await expect(read(asking())).rejects.toThrow(
      'main: no target of the cluster plain was scraped between 2023-11-14T23:00:00.000Z and 2023-11-15T00:00:00.000Z, so the window is not metered; check the address',
    );
  });

  test('more samples than allowed', async () => {
    await expect(read(asking({ source: { max_samples: 1000 } }))).rejects.toThrow(
      'main: more than 1000 samples for one call; raise max_samples or read fewer windows at once',
    );
  });
});

describe('a store that does not answer', () => {
  const fast = { timeout: '1s' };

  test('nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    await expect(read(asking({ url: `http://127.0.0.1:${port}`, source: fast }))).rejects.toThrow(
      /cannot be reached: connect ECONNREFUSED/,
    );
  });

  test('it is slow', async () => {
    between.answer = () => undefined;
    await expect(read(asking({ source: fast }))).rejects.toThrow(/no answer within 1 s/);
  });

  test('it becomes slow in the middle', async () => {
    between.meddle = (answer, { query }) => {
      if (query.startsWith('gpu_allocated_seconds_total')) between.answer = () => undefined;
      return answer;
    };
    await expect(read(asking({ source: fast }))).rejects.toThrow(/no answer within 1 s/);
  });

  test('a page to log in instead of an answer', async () => {
    between.answer = (response) => response.end('<!doctype html><html><body>Log in</body></html>');
    await expect(read(asking())).rejects.toThrow(/HTML page instead of JSON; a login page/);
  });

  test('half of an answer', async () => {
    between.answer = (response) => response.end('{"status":"success","data":{"resultType":"scalar","result":[17');
    await expect(read(asking())).rejects.toThrow(/are not complete JSON/);
  });

  test('one of two replicas: the other is taken, and the problem is told', async () => {
    between.answer = (response) => response.writeHead(502).end('bad gateway');
    const { windows, problems } = await read(
      asking({ source: { url: null, replicas: [between.url, prometheus.url], ...fast } }),
    );
    expect(totals(windows, byPod)['GPU-1 used train']).toBe(2 * hour);
    expect(windows.map(({ evidence }) => evidence.source)).toEqual(Array(2).fill('fleetlens main replica 2'));
    expect(problems).toEqual([expect.stringMatching(/502/)]);
  });
});

describe('clocks', () => {
  const shifted =
    (byMs: number): GoBetween['meddle'] =>
    (answer, { query }) => {
      const data = { resultType: 'scalar', result: [0, String((Date.now() + byMs) / 1000)] };
      return query === 'time()' ? { status: 'success', data } : answer;
    };

  test.each([
    [600_000, '600 s ahead of ours'],
    [-600_000, '600 s behind ours'],
  ])('of a store that is %d ms off', async (byMs, message) => {
    between.meddle = shifted(byMs);
    await expect(read(asking())).rejects.toThrow(
      `main: its clock is ${message}, more than max_clock_skew; set both by NTP`,
    );
    const { windows } = await read(asking({ source: { max_clock_skew: '11m' } }));
    expect(windows).toHaveLength(2);
  });

  test('a few seconds are none', async () => {
    between.meddle = shifted(20_000);
    expect((await read(asking())).windows).toHaveLength(2);
  });

  test('of a target, or of whoever wrote its samples', async () => {
    const nowMs = at(1, 59);
    between.meddle = (answer, { query }) =>
      query === 'time()'
        ? { status: 'success', data: { resultType: 'scalar', result: [0, String(nowMs / 1000)] } }
        : answer;
    await expect(read(asking({ deps: { nowMs: () => nowMs } }))).rejects.toThrow(
      /^main: the newest sample of the target n1:9400 of gpu is \d+ s ahead of our clock; set the clocks of both machines by NTP$/,
    );
  });
});

describe('values that cannot be', () => {
  const odds = (meter: string) => read(asking({ cluster: 'odd', url: prometheus.url, meter }));
  const tokens = (2 * hour) / 100;

  test('a counter that begins again twice in a window: each time from 0', async () => {
    const { windows } = await odds('llm_tokens_input');
    const [sum = 0] = Object.values(totals(windows, ({ sku }) => sku));
    // What was counted between the last scrape and the restart is gone: up to one interval for each.
    expect(sum).toBeLessThanOrEqual(tokens);
    expect(sum).toBeGreaterThanOrEqual(tokens - 2 * 150);
  });

  test('and GPU time is the holder’s throughout', async () => {
    const { windows } = await odds('gpu_time');
    expect(totals(windows, byPod)['GPU-1 used p']).toBe(2 * hour);
    expect(isExact(windows)).toBe(true);
  });

  test('negative values are left out and told', async () => {
    const { windows, problems } = await odds('llm_tokens_output');
    expect(Object.values(totals(windows, ({ sku }) => sku))).toEqual([
      Object.values(totals((await odds('llm_tokens_input')).windows, ({ sku }) => sku))[0],
    ]);
    expect(problems).toEqual([
      'main: 4 values of inference_tokens_generated_total{engine_kind="proxy"} in odd are negative and left out of llm_tokens_output',
    ]);
  });

  test('more than can be counted is left out and told', async () => {
    const { windows, problems } = await odds('llm_requests');
    const [sum = 0] = Object.values(totals(windows, ({ sku }) => sku));
    expect(near(tokens, 300)(sum)).toBe(true);
    expect(problems).toEqual([
      expect.stringMatching(
        /^main: 4 values of inference_requests_total\{.*\} in odd are more than 2\^53 request and left out of llm_requests; if they are true, give the meter a larger base unit/,
      ),
    ]);
    const storage = await odds('storage');
    expect(storage.problems).toEqual([
      expect.stringContaining('in odd are more than 2^53 byte ms and left out of storage'),
    ]);
  });

  test('a GPU that was had for a day in 15 s: what has passed is billed, and the rest told', async () => {
    const { windows, problems } = await odds('gpu_time');
    expect(totals(windows, byPod)['GPU-2 used p']).toBe(2 * hour);
    expect(problems).toEqual([
      'main: the time for which n/p had the GPU GPU-2 of n1 grew by 86388 s more than passed; that is not billed',
    ]);
  });
});
