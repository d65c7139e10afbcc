import { hashOfUsages } from '../../exporters/billing/metering/canonical.ts';
import type { GapSettings } from '../../exporters/billing/sources/config/gaps.ts';
import type { MeteredWindow, Usage } from '../../exporters/billing/usage.ts';
import { type Asked, byPod, isExact, near, read as readFrom, totals } from '../support/billing-read.ts';
import {
  at,
  dcgm,
  exporter,
  had,
  hour,
  hours,
  kubeState,
  minute,
  plain,
  since,
  type Tenure,
  there,
} from '../support/billing-targets.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { blocksOf, type Metric, type SimulatedTarget, scraped } from '../support/scraped.ts';
import type { RunningServer } from '../support/server-process.ts';
import { importSamples, startVictoriaMetrics } from '../support/victoria-metrics.ts';

/** A proxy that has counted for a while, and starts anew at 3:00:05. */
const proxy: SimulatedTarget = {
  job: 'proxy',
  instance: 'p:9411',
  labels: { cluster: 'llm' },
  intervalMs: 15_000,
  fromMs: at(-1),
  untilMs: at(8),
  metrics: (ms) => {
    const start = ms < at(3, 0, 5) ? at(-10) : at(3, 0, 5);
    const of = (tenant: string) => ({ tenant, model_name: 'llama', engine: '', engine_kind: 'proxy' });
    const late = Math.max(0, Math.floor((ms - at(1, 30, 2)) / 1000));
    return [
      ['process_start_time_seconds', {}, start / 1000],
      ['inference_tokens_input_total', of('a'), Math.floor((ms - start) / 100)],
      ['inference_tokens_input_total', { ...of('a'), engine_kind: 'vllm' }, Math.floor((ms - start) / 100)],
      ...(late > 0 && start === at(-10) ? ([['inference_tokens_input_total', of('b'), 1000 + late]] as const) : []),
    ];
  },
};

const tenures: readonly Tenure[] = [
  { uuid: 'GPU-1', namespace: 'team-a', pod: 'train-0', fromMs: at(0, 10, 7.3), untilMs: at(3, 20, 11.111) },
  { uuid: 'GPU-1', namespace: 'team-b', pod: 'eval', fromMs: at(3, 30, 0.5), untilMs: at(9) },
  { uuid: 'GPU-2', namespace: 'team-b', pod: 'serve', fromMs: at(-50), untilMs: at(9) },
];

const isInOutage = (ms: number): boolean => ms >= at(1, 30) && ms < at(3, 30);
const restarted = (ms: number): number => (ms < at(2, 30) ? at(-100) : at(2, 30));

/** Half of it by three pods of a GPU with four replicas; instances made anew; a GPU that moves; one that is lost, comes back, is new, is gone. */
const special: readonly SimulatedTarget[] = [
  plain('shared', 's1', (ms) => [
    ...there('GPU-S'),
    ...['a', 'b', 'c'].flatMap((pod) =>
      had('GPU-S', { namespace: 'n', pod }, [since(ms, at(-5)), since(ms, at(-5)) / 3]),
    ),
  ]),
  {
    ...kubeState('ksm:8080', 0),
    labels: { cluster: 'shared' },
    metrics: () => [['kube_node_labels', { node: 's1', label_nvidia_com_gpu_replicas: '4' }, 1]],
  },
  plain('mig', 'm1', (ms) => [
    ...there('GPU-M'),
    ...(ms < at(1) ? ['1', '2'] : ['1', '2', '3']).map(
      (instance): Metric => [
        'gpu_mig_info',
        {
          uuid: 'GPU-M',
          gpu_id: '0',
          gpu_instance_id: instance,
          compute_instance_id: '0',
          mig_uuid: instance,
          profile: instance === '3' ? '1g.10gb' : '3g.40gb',
        },
        1,
      ],
    ),
    ...had('GPU-M', { gpu_instance_id: '1', profile: '3g.40gb', namespace: 'n', pod: 'p' }, [
      since(ms, at(-5)),
      since(ms, at(-5)),
    ]),
  ]),
  ...['g1', 'g2', 'g3'].map((node) =>
    plain(
      'gone',
      node,
      (ms) => [...there(`GPU-${node}`), ['gpu_energy_joules_total', { uuid: node }, since(ms, at(-60))]],
      {
        ...(node === 'g1' ? { fromMs: at(-30), untilMs: at(-9) } : { fromMs: at(-12) }),
        ...(node === 'g2' ? { isDown: (ms) => ms >= at(1, 50) && ms < at(2, 20) } : {}),
      },
    ),
  ),
  plain('moved', 'a1', (ms) => (ms < at(1) ? there('GPU-X') : [])),
  plain('moved', 'b1', (ms) => (ms >= at(1, 30) ? there('GPU-X') : [])),
  plain('lost', 'l1', (ms) => [
    ...there('GPU-L', ms >= at(1) && ms < at(2) ? 0 : 1),
    ...(ms >= at(3) && ms < at(4) ? [] : there('GPU-V')),
    ...(ms >= at(2, 30) ? there('GPU-NEW') : []),
  ]),
  plain('lost', 'gone', () => there('GPU-GONE'), { fromMs: at(-12), untilMs: at(-11) }),
  plain(
    'saved',
    'n1',
    (ms) => [
      ...there('GPU-1'),
      ...had('GPU-1', { job_id: '77' }, [since(ms, at(-5)), since(ms, at(-5))]),
      ['gpu_job_info', { uuid: 'GPU-1', gpu_id: '0', gpu_instance_id: '', job_id: '77', user_id: '1000' }, 1],
    ],
    {
      isDown: (ms) => ms >= at(1) && ms < at(1, 20),
    },
  ),
  plain('nan', 'n1', (ms) => [
    ...there('GPU-1'),
    ...had(
      'GPU-1',
      { namespace: 'n', pod: 'p' },
      ms % 60_000 < 15_000 ? [Number.NaN, Number.NaN] : [since(ms, at(-5)), since(ms, at(-5))],
    ),
  ]),
];

const targets: readonly SimulatedTarget[] = [
  ...special,
  dcgm('dcgm', 'd1', ['GPU-1', 'GPU-2', 'GPU-3'], tenures, true),
  dcgm('dcgm-exported', 'd1', ['GPU-1', 'GPU-2', 'GPU-3'], tenures, false),
  kubeState('ksm-a:8080', 0),
  kubeState('ksm-b:8080', 13_000, { untilMs: at(5, 30) }),
  proxy,
  exporter('plain', 'n1', ['GPU-1', 'GPU-2'], tenures),
  exporter('plain', 'n22', ['GPU-3', 'GPU-4'], tenures),
  exporter('outage', 'n1', ['GPU-1', 'GPU-2'], tenures, { isDark: isInOutage }),
  exporter('restart', 'n1', ['GPU-1', 'GPU-2'], tenures, {
    startedAt: restarted,
    isDown: (ms) => ms >= at(2, 25) && ms < at(2, 30),
  }),
  exporter('ha', 'n1', ['GPU-1', 'GPU-2'], tenures, {
    labels: { cluster: 'ha', node: 'n1', replica: 'a' },
    isDark: (ms) => ms >= at(1, 10) && ms < at(1, 40),
  }),
  exporter('ha', 'n1', ['GPU-1', 'GPU-2'], tenures, {
    labels: { cluster: 'ha', node: 'n1', replica: 'b' },
    offsetMs: 11_111,
    isDark: (ms) => ms >= at(3, 10) && ms < at(3, 40),
  }),
];

let prometheus: RunningPrometheus;
let victoria: RunningServer;
let removeBlocks: () => void;

beforeAll(async () => {
  const blocks = blocksOf(scraped(targets, 's'));
  removeBlocks = blocks.remove;
  prometheus = await startPrometheus({
    config: 'global: {scrape_interval: 1m}\n',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=100y'],
  });
  victoria = await startVictoriaMetrics();
  await importSamples(victoria.url, scraped(targets, 'ms'));
}, 120_000);

afterAll(async () => {
  await prometheus?.stop();
  await victoria?.stop();
  removeBlocks?.();
});

function read({ url = prometheus.url, ...asked }: Omit<Asked, 'url'> & { readonly url?: string }) {
  return readFrom({ url, ...asked });
}

const truth = {
  'GPU-1 idle unassigned': at(0, 10, 7.3) - at(0) + (at(3, 30, 0.5) - at(3, 20, 11.111)),
  'GPU-1 used train-0': at(3, 20, 11.111) - at(0, 10, 7.3),
  'GPU-1 used eval': at(6) - at(3, 30, 0.5),
  'GPU-2 used serve': 6 * hour,
};

test('six hours of two nodes: to the ms, and every ms of every GPU', async () => {
  const { windows } = await read({ cluster: 'plain', spans: hours(0, 6) });
  expect(totals(windows, byPod)).toEqual({
    ...truth,
    'GPU-3 idle unassigned': 6 * hour,
    'GPU-4 idle unassigned': 6 * hour,
  });
  expect(isExact(windows)).toBe(true);
  expect(windows.map(({ conservation }) => conservation?.installedMs)).toEqual(
    Array.from({ length: 6 }, () => 4 * hour),
  );
  expect(windows.map(({ coverage }) => coverage)).toEqual(
    windows.map(() => ({ expectedScrapes: 480, seenScrapes: 480, gaps: [], gapMs: 0, isHeld: false })),
  );
  expect(windows[0]?.usages[0]).toMatchObject({ meter: 'gpu_time', cluster: 'plain', node: 'n1', sku: 'NVIDIA H100' });
});

test.each(['plain', 'outage', 'restart'])(
  '%s: windows read one by one are those that are read together',
  async (cluster) => {
    const spans = hours(0, 6);
    const { windows } = await read({ cluster, spans });
    const single: MeteredWindow[] = [];
    for (const span of spans) single.push(...(await read({ cluster, spans: [span] })).windows);
    const withoutEvidence = (all: readonly MeteredWindow[]) => all.map(({ evidence: _, ...window }) => window);
    expect(withoutEvidence(single)).toEqual(withoutEvidence(windows));
  },
);

test('windows of five minutes add up to those of an hour', async () => {
  const short = Array.from({ length: 24 }, (_, index) => ({
    startMs: at(2) + index * 5 * minute,
    endMs: at(2) + (index + 1) * 5 * minute,
  }));
  for (const cluster of ['plain', 'outage', 'restart', 'ha']) {
    const one = await read({
      cluster,
      spans: hours(2, 2),
      source: { replica_label: cluster === 'ha' ? 'replica' : null },
    });
    const many = await read({ cluster, spans: short, source: { replica_label: cluster === 'ha' ? 'replica' : null } });
    if (cluster !== 'ha') expect(totals(many.windows, byPod)).toEqual(totals(one.windows, byPod));
    expect(isExact(many.windows)).toBe(true);
  }
});

test.each([
  ...[
    'plain',
    'outage',
    'restart',
    'ha',
    'shared',
    'mig',
    'moved',
    'lost',
    'saved',
    'nan',
    'dcgm',
    'dcgm-exported',
  ].map((cluster) => [cluster, 'gpu_time']),
  ...['gpu_time', 'cpu_time', 'memory', 'llm_requests'].map((meter) => ['kube', meter]),
  ['llm', 'llm_tokens_input'],
])('%s, %s: VictoriaMetrics gives the same rows as Prometheus', async (cluster, meter) => {
  const source = cluster === 'ha' ? { replica_label: 'replica' } : {};
  const asked = { cluster, meter, source, spans: hours(0, 6) };
  const [ours, theirs] = [await read(asked), await read({ ...asked, url: victoria.url })];
  const rows = ({ windows }: typeof ours) =>
    windows.map(({ usages, coverage, conservation }) => [hashOfUsages(usages), coverage, conservation?.installedMs]);
  expect(rows(theirs)).toEqual(rows(ours));
  expect(ours.windows.some(({ usages }) => usages.length > 0)).toBe(meter !== 'llm_requests');
});

test('two hours without Prometheus: the counters know what happened, coverage says what was not seen', async () => {
  const { windows } = await read({ cluster: 'outage', spans: hours(0, 6) });
  const sums = totals(windows, byPod);
  expect(sums['GPU-2 used serve']).toBe(truth['GPU-2 used serve']);
  expect(sums['GPU-1 used train-0']).toBe(truth['GPU-1 used train-0']);
  expect(isExact(windows)).toBe(true);
  expect(windows.map(({ coverage }) => [coverage.expectedScrapes, coverage.seenScrapes])).toEqual([
    [240, 240],
    [240, 120],
    [240, 0],
    [240, 120],
    [240, 240],
    [240, 240],
  ]);
  expect(windows[2]?.coverage).toMatchObject({
    gapMs: hour,
    gaps: [{ span: hours(2, 1)[0], where: 'gpu n1:9400', policy: 'hold' }],
  });
});

test('an exporter that starts anew loses what it had not shown, and nothing is counted twice', async () => {
  const { windows } = await read({ cluster: 'restart', spans: hours(0, 6) });
  const sums = totals(windows, byPod);
  expect(isExact(windows)).toBe(true);
  const lost = (truth['GPU-2 used serve'] ?? 0) - (sums['GPU-2 used serve'] ?? 0);
  expect(lost).toBeGreaterThan(0);
  // It was down for five minutes, and the last scrape was up to one interval before.
  expect(lost).toBeLessThanOrEqual(5 * minute + 15_000);
  expect(sums['GPU-2 unavailable no_data']).toBeGreaterThan(0);
});

test('two replicas: the better one for each window, never the sum', async () => {
  const { windows, problems } = await read({ cluster: 'ha', spans: hours(0, 6), source: { replica_label: 'replica' } });
  expect(problems).toEqual([]);
  expect(windows.map(({ coverage }) => [coverage.expectedScrapes, coverage.seenScrapes])).toEqual(
    Array.from({ length: 6 }, () => [240, 240]),
  );
  expect(windows.map(({ evidence }) => evidence.source.replace(/.* /, ''))).toEqual(['a', 'b', 'a', 'a', 'a', 'a']);
  expect(totals(windows, byPod)).toEqual(truth);
});

const whole = (usage: Usage): string => `${byPod(usage)} ${usage.share.num}/${usage.share.den}`;

test('three of four replicas: each has a quarter, and the fourth is idle', async () => {
  const { windows } = await read({ cluster: 'shared', spans: hours(0, 2) });
  expect(totals(windows, whole)).toEqual({
    'GPU-S used a 1/4': 2 * hour,
    'GPU-S used b 1/4': 2 * hour,
    'GPU-S used c 1/4': 2 * hour,
    'GPU-S idle unused_replica 1/4': 2 * hour,
  });
  expect(isExact(windows)).toBe(true);
  const fixed = await read({ cluster: 'shared', spans: hours(0, 2), source: { gpu_replicas: { '*': 8 } } });
  expect(totals(fixed.windows, whole)['GPU-S used a 1/8']).toBe(2 * hour);
});

test('MIG: instances that exist are idle or used, what is left of the GPU is idle too', async () => {
  const { windows } = await read({ cluster: 'mig', spans: hours(0, 2) });
  const used = windows.flatMap(({ usages }) => usages.filter(({ state }) => state === 'used'));
  const made = 3003;
  expect(used.map(({ resource, sku, quantity, share }) => [resource, sku, Number(quantity), share])).toEqual([
    ['GPU-M/1', 'NVIDIA H100 MIG 3g.40gb', hour, { num: 1, den: 2 }],
    // Until a scrape shows the third instance; then 28 + 28 + 8 parts of 56 are more than the GPU.
    ['GPU-M/1', 'NVIDIA H100 MIG 3g.40gb', made, { num: 1, den: 2 }],
    ['GPU-M/1', 'NVIDIA H100 MIG 3g.40gb', hour - made, { num: 28 / 4, den: 64 / 4 }],
  ]);
  expect(isExact(windows)).toBe(true);
  expect(windows.map(({ conservation }) => conservation?.installedMs)).toEqual([hour, hour]);
});

test('MIG: parts of a GPU that the configuration sets', async () => {
  const source = { mig_shares: { '3g.40gb': '3/7', 'NVIDIA H100/1g.10gb': '1/7' } };
  const { windows } = await read({ cluster: 'mig', spans: hours(1, 1), source });
  expect(totals(windows, whole)).toMatchObject({ 'GPU-M/1 used p 3/7': hour, 'GPU-M/2 idle unassigned 3/7': hour });
  expect(isExact(windows)).toBe(true);
});

test.each([100, 1])(
  'a GPU that moves to another node is installed once, with %d targets for each question',
  async (size) => {
    const { windows } = await read({ cluster: 'moved', spans: hours(0, 3), source: { targets_per_request: size } });
    expect(isExact(windows)).toBe(true);
    expect(windows.map(({ conservation }) => conservation?.installedMs)).toEqual([hour, hour, hour]);
    const sums = totals(windows, ({ node, state, reason }) => `${node} ${state} ${reason}`);
    const left = at(1) + 3003;
    const came = at(1, 30) + 3003;
    expect(sums).toEqual({
      'a1 idle unassigned': left - at(0),
      'a1 unavailable lost': came - left,
      'b1 idle unassigned': at(3) - came,
    });
  },
);

test('a target that is gone, and one with a gap at an edge, cost the others nothing and lose nothing', async () => {
  const energy = (first: number, count: number) =>
    read({ cluster: 'gone', spans: hours(first, count), meter: 'gpu_energy' });
  const byNode = ({ resource }: Usage): string => resource;
  const joules = 3_600_000;
  expect(totals((await energy(0, 4)).windows, byNode)).toEqual({ g2: 4 * joules, g3: 4 * joules });
  const { windows } = await energy(1, 1);
  expect(totals(windows, byNode)).toEqual({ g2: joules, g3: joules });
  expect(windows[0]?.coverage).toMatchObject({ expectedScrapes: 480, seenScrapes: 440, isHeld: false });
  // An hour and its margins of two targets at 4 samples a minute, and of the one with the gap a little more; not a day of all.
  expect(windows[0]?.evidence.samples).toBeLessThan(8000);
});

test('lost, vanished, new and gone GPUs', async () => {
  const { windows } = await read({ cluster: 'lost', spans: hours(0, 6), source: { forget_after: '12h' } });
  expect(isExact(windows)).toBe(true);
  const sums = totals(windows, byPod);
  const goneUntil = at(-11) + 12 * hour;
  expect(sums).toMatchObject({
    'GPU-L idle unassigned': 5 * hour,
    'GPU-L unavailable lost': hour,
    'GPU-V idle unassigned': 5 * hour,
    'GPU-V unavailable lost': hour,
    'GPU-NEW idle unassigned': at(6) - at(2, 30) - 3003,
  });
  // To the full hour at which it was seen last.
  expect([near(goneUntil - at(0), hour)(sums['GPU-GONE unavailable no_data']), sums]).toEqual([true, sums]);
  const short = await read({ cluster: 'lost', spans: hours(0, 6), source: { forget_after: '1h' } });
  expect(totals(short.windows, byPod)['GPU-GONE unavailable no_data']).toBeUndefined();
});

test('an exporter that goes on from what it saved: nothing is lost, and the user of a job is known', async () => {
  const { windows } = await read({ cluster: 'saved', spans: hours(0, 3) });
  expect(totals(windows, ({ state, holder }) => `${state} ${holder['job_id']} ${holder['user_id']}`)).toEqual({
    'used 77 1000': 3 * hour,
  });
  expect(windows[1]?.coverage).toMatchObject({ expectedScrapes: 240, seenScrapes: 160 });
});

test('NaN is no value: it is left out and changes nothing', async () => {
  const { windows } = await read({ cluster: 'nan', spans: hours(0, 2) });
  expect(totals(windows, byPod)).toEqual({ 'GPU-1 used p': 2 * hour });
});

test.each(['dcgm', 'dcgm-exported'])('%s: each edge of an allocation is right within a scrape', async (cluster) => {
  const { windows } = await read({ cluster, spans: hours(0, 6) });
  const sums = totals(windows, byPod);
  expect(Object.keys(sums).sort()).toEqual([...Object.keys(truth), 'GPU-3 idle unassigned'].sort());
  for (const [key, ms] of Object.entries(truth)) expect([key, near(ms, 60_000)(sums[key])]).toEqual([key, true]);
  expect(sums['GPU-3 idle unassigned']).toBe(6 * hour);
  expect(sums['GPU-2 used serve']).toBe(6 * hour);
  expect(isExact(windows)).toBe(true);
  expect(windows[0]?.usages[0]).toMatchObject({ node: 'd1', sku: 'NVIDIA A100' });
});

test('kube-state-metrics: two of them count once, and a pod that has ended not at all', async () => {
  const { windows } = await read({ cluster: 'kube', spans: hours(0, 6) });
  const sums = totals(windows, (usage) => `${usage.state} ${usage.reason} ${usage.holder['pod_uid'] ?? ''}`.trim());
  const total = Object.values(sums).reduce((sum, ms) => sum + ms, 0);
  expect(total).toBe(8 * 6 * hour);
  expect([near(4 * 60 * minute, 4 * 30_000)(sums['used  u1']), sums]).toEqual([true, sums]);
  expect([near(2 * 4 * hour, 2 * 30_000)(sums['used  u2']), sums]).toEqual([true, sums]);
  expect([near(30 * minute, 30_000)(sums['system  u3']), sums]).toEqual([true, sums]);
  expect([near(6 * 30 * minute, 6 * 30_000)(sums['unavailable cordoned']), sums]).toEqual([true, sums]);
  expect([near(6 * 15 * minute, 6 * 30_000)(sums['unavailable not_ready']), sums]).toEqual([true, sums]);
  expect(Object.keys(sums).sort()).toEqual([
    'idle unassigned',
    'system  u3',
    'unavailable cordoned',
    'unavailable not_ready',
    'used  u1',
    'used  u2',
  ]);
  expect(isExact(windows)).toBe(true);
  expect(windows[0]?.usages.find(({ state }) => state === 'used')).toMatchObject({
    resource: 'k1',
    sku: 'NVIDIA-H100',
    holder: { namespace: 'team-a', pod: 'train-0', pod_uid: 'u1', container: 'main' },
  });
});

test('CPU and memory of pods that run, by pod and not by name', async () => {
  const source = { pod_labels: ['team'] };
  const cpu = await read({ cluster: 'kube', spans: hours(0, 6), meter: 'cpu_time', source });
  const memory = await read({ cluster: 'kube', spans: hours(0, 6), meter: 'memory', source });
  const byUid = ({ holder, state }: Usage): string => `${holder['pod_uid']} ${holder['label_team']} ${state}`;
  const [cores, bytes] = [totals(cpu.windows, byUid), totals(memory.windows, byUid)];
  expect(Object.keys(cores).sort()).toEqual(['u1 blue used', 'u2 green used', 'u3 green system']);
  expect([near(3500 * 60 * minute, 3500 * 30_000)(cores['u1 blue used']), cores]).toEqual([true, cores]);
  expect([near(1000 * 4 * hour, 1000 * 30_000)(cores['u2 green used']), cores]).toEqual([true, cores]);
  expect([near(1.5e12 * 60 * minute, 1.5e12 * 30_000)(bytes['u1 blue used']), bytes]).toEqual([true, bytes]);
  expect(cpu.windows[0]?.usages[0]).toMatchObject({ resource: 'team-a/train-0', node: 'k1' });
});

test('tokens by model, what engines count besides left out, a restart and a new tenant exact', async () => {
  const { windows } = await read({ cluster: 'llm', spans: hours(0, 6), meter: 'llm_tokens_input' });
  const sums = totals(windows, ({ holder, sku }) => `${sku} ${holder['tenant']}`);
  const unseen = (at(3, 0, 5) - at(3)) / 100;
  expect(sums).toEqual({ 'llama a': (6 * hour) / 100 - unseen, 'llama b': 1000 + (at(3) - at(1, 30, 2)) / 1000 });
});

test('a meter of which there is no series: nothing was used where other things were scraped, and unknown where nothing was', async () => {
  const none = await read({ cluster: 'kube', spans: hours(0, 2), meter: 'llm_requests' });
  expect(none.windows.map(({ usages, coverage }) => [usages, coverage.expectedScrapes, coverage.isHeld])).toEqual([
    [[], 0, false],
    [[], 0, false],
  ]);
  await expect(read({ cluster: 'nobody', spans: hours(0, 1) })).rejects.toThrow(
    /no target of the cluster nobody was scraped between/,
  );
  await expect(read({ cluster: 'plain', spans: hours(100, 1) })).rejects.toThrow(
    /no target of the cluster plain was scraped between/,
  );
});

test('gap policies: last_known for a while, kubernetes for none without its series, zero nothing', async () => {
  const of = async (policy: GapSettings['policy']) => {
    const { windows } = await read({
      cluster: 'restart',
      spans: hours(2, 1),
      gaps: { policy, lastKnownForMs: 2 * minute },
    });
    expect(isExact(windows)).toBe(true);
    return totals(windows, byPod)['GPU-2 used serve'] ?? 0;
  };
  const zero = await of('zero');
  expect(zero).toBeLessThan(hour);
  expect(await of('hold')).toBe(zero);
  const known = await of('last_known');
  expect(known).toBeGreaterThan(zero + 90_000);
  expect(known).toBeLessThanOrEqual(zero + 2 * minute + 30_000);
});

test('three replays are the same, whatever else was asked between', async () => {
  const canonical = async (): Promise<string> => {
    const { windows } = await read({ cluster: 'restart', spans: hours(0, 6) });
    return JSON.stringify(
      windows.map(({ usages }) => usages),
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    );
  };
  const first = await canonical();
  await read({ cluster: 'plain', spans: hours(0, 1) });
  expect(await canonical()).toBe(first);
  expect(await canonical()).toBe(first);
});
