import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnomalyEngine } from '../../../../../exporters/prediction/anomaly/engine/engine.ts';
import { defaultAnomaly } from '../../../../../exporters/prediction/anomaly/settings.ts';
import { type SignalAsking, signals } from '../../../../../exporters/prediction/anomaly/signals.ts';
import { createMembership } from '../../../../../exporters/prediction/sources/anomaly/membership.ts';
import { type PastStep, readHistory } from '../../../../../exporters/prediction/sources/anomaly/read-history.ts';
import { readNow } from '../../../../../exporters/prediction/sources/anomaly/read-now.ts';
import { readAnomalyState, writeAnomalyState } from '../../../../../exporters/prediction/sources/anomaly/state-file.ts';
import { defaultLabelNames } from '../../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { createPrometheusApi, type PrometheusApi } from '../../../../../kit/prometheus-api.ts';
import { type RunningPrometheus, startPrometheus } from '../../../../support/prometheus.ts';
import { type Blocks, blocksOf } from '../../../../support/scraped.ts';
import { noiseOf } from '../../anomaly/generated.ts';

const stepMs = 300_000;
const steps = 60;
const fromMs = 1_700_000_100_000;
const toMs = fromMs + (steps - 1) * stepMs;
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-anomaly-'));

let blocks: Blocks;
let server: RunningPrometheus;
let api: PrometheusApi;

/** Six GPUs of two models, one of which is away for an hour, and a run on each of two nodes. */
function samples(): string {
  const noise = noiseOf(1);
  const lines = { info: [] as string[], heat: [] as string[], replays: [] as string[], step: [] as string[] };
  for (let step = -4; step < steps; step++) {
    const at = (fromMs + step * stepMs) / 1000;
    for (let gpu = 0; gpu < 6; gpu++) {
      if (gpu === 3 && step > 20 && step < 32) continue;
      const labels = `cluster="c1",node="n${gpu % 2}",job="fleetlens-gpu",instance="n:1",gpu_id="${gpu}",uuid="GPU-${gpu}"`;
      const facts = `serial="",pci_bus_id="",vbios="",driver="",model="${gpu < 5 ? 'H100' : 'A100'}"`;
      lines.info.push(`gpu_info{${labels},${facts}} 1 ${at}`);
      lines.heat.push(`gpu_temperature_celsius{${labels}} ${(60 + noise()).toFixed(3)} ${at}`);
      lines.replays.push(`gpu_pcie_replays_total{${labels}} ${(step + 4) * gpu} ${at}`);
    }
    for (const node of ['n0', 'n1'])
      lines.step.push(
        `training_step_duration_median_seconds{cluster="c1",node="${node}",job="t",instance="${node}:2",run="r",job_id="",framework="x"} 2.5 ${at}`,
      );
  }
  lines.heat.push(...otherFleet());
  const families = [
    ['gpu_info gauge', lines.info],
    ['gpu_temperature_celsius gauge', lines.heat],
    ['gpu_pcie_replays counter', lines.replays],
    ['training_step_duration_median_seconds gauge', lines.step],
  ] as const;
  return families.map(([type, text]) => `# TYPE ${type}\n${text.join('\n')}`).join('\n');
}

/** One GPU that two targets show, of a fleet that has other names for its labels, and one whose node has no label. */
function otherFleet(): readonly string[] {
  const at = fromMs / 1000;
  const named = (instance: string) =>
    `fleet="b",site="c2",host="n9",job="x",instance="${instance}",gpu_id="0",uuid="GPU-9"`;
  const unnamed = 'fleet="b",site="c2",job="x",instance="n8:9400",gpu_id="0",uuid="GPU-8"';
  return [`{${named('a:1')}} 70`, `{${named('b:1')}} 71`, `{${unnamed}} 72`].map(
    (line) => `gpu_temperature_celsius${line} ${at}`,
  );
}

beforeAll(async () => {
  blocks = blocksOf(samples());
  server = await startPrometheus({
    config: 'global: {}\n',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=100y'],
  });
  api = createPrometheusApi({ url: server.url });
}, 60_000);

afterAll(async () => {
  await server.stop();
  blocks.remove();
  rmSync(folder, { recursive: true, force: true });
});

const ownFleet = { labels: defaultLabelNames, matchers: ['fleet=""'] };

function depsOf(changed: Partial<PrometheusApi> = {}, asking: SignalAsking = ownFleet) {
  const problems: string[] = [];
  const onProblem = (problem: string): void => {
    problems.push(problem);
  };
  return {
    deps: { api: { ...api, ...changed }, asking, membership: createMembership(asking.labels), signals, onProblem },
    problems,
  };
}

async function historyOf(deps: ReturnType<typeof depsOf>['deps'], chunkSteps: number): Promise<readonly PastStep[]> {
  const past: PastStep[] = [];
  for await (const step of readHistory(deps, { fromMs, toMs, stepMs, chunkSteps })) past.push(step);
  return past;
}

/** Names and values of what is there. */
function shown({ readings }: Pick<PastStep, 'readings'>): readonly string[] {
  return readings
    .flatMap(({ signal, members, values }) =>
      members.map(
        ({ entity, group }, at) =>
          [signal, entity.kind, entity.node, entity.uuid, group, values[at] as number] as const,
      ),
    )
    .filter(([, , , , , value]) => !Number.isNaN(value))
    .map((row) => row.join(' '))
    .sort();
}

test('the past step by step is what instant queries would have said then, whatever the chunks', async () => {
  const past = await historyOf(depsOf().deps, 7);
  expect(past.map(({ atMs }) => atMs)).toEqual(Array.from({ length: steps }, (_, at) => fromMs + at * stepMs));
  expect((await historyOf(depsOf().deps, 100)).map(shown)).toEqual(past.map(shown));
  for (const at of [0, 6, 7, 25, 59]) {
    const now = await readNow(depsOf().deps, fromMs + at * stepMs);
    expect(shown({ readings: now })).toEqual(shown(past[at] as PastStep));
  }
  expect(shown(past[0] as PastStep)).toContainEqual(expect.stringMatching(/^gpu_temperature gpu n1 GPU-5 c1\/A100 \d/));
  expect(shown(past[0] as PastStep)).toContainEqual('training_step_time node n0  c1 2.5');
  expect(shown(past[26] as PastStep).some((row) => row.includes('gpu_temperature gpu n1 GPU-3'))).toBe(false);
}, 60_000);

test('a source has its own series and its own names of labels, now and in the past', async () => {
  const asking = { labels: { cluster: 'site', node: 'host', rack: 'rack' }, matchers: ['fleet="b"'] };
  const expected = ['gpu_temperature gpu n8 GPU-8 c2 72', 'gpu_temperature gpu n9 GPU-9 c2 71'];
  expect(shown({ readings: await readNow(depsOf({}, asking).deps, fromMs) })).toEqual(expected);
  const [first] = await historyOf(depsOf({}, asking).deps, 7);
  expect(first === undefined ? [] : shown(first)).toEqual(expected);
}, 60_000);

test('members stay the same objects from step to step', async () => {
  const past = await historyOf(depsOf().deps, 20);
  const first = past[0]?.readings[0]?.members[0];
  const last = past.at(-1)?.readings[0]?.members.find(({ entity }) => entity.uuid === first?.entity.uuid);
  expect(last).toBe(first);
}, 60_000);

test('a signal that cannot be read is missing, and the others go on', async () => {
  const broken = depsOf({
    query: (expr, options) =>
      expr.includes('temperature') ? Promise.reject(new Error('too many samples')) : api.query(expr, options),
    queryRange: (expr, options) =>
      expr.includes('temperature') ? Promise.reject(new Error('too many samples')) : api.queryRange(expr, options),
  });
  const [step] = await historyOf(broken.deps, steps);
  const now = await readNow(broken.deps, toMs);
  expect(shown(step as PastStep).map((row) => row.split(' ')[0])).toContain('training_step_time');
  expect(now.some(({ signal }) => signal === 'gpu_temperature')).toBe(false);
  expect(broken.problems).toContain('gpu_temperature: too many samples');
}, 60_000);

test('an abort ends the reading', async () => {
  const controller = new AbortController();
  const reading = readHistory(depsOf().deps, { fromMs, toMs, stepMs, chunkSteps: 5, signal: controller.signal });
  await reading.next();
  controller.abort(new Error('enough'));
  const rest = async (): Promise<void> => {
    for await (const step of reading) expect(step.atMs).toBeLessThan(fromMs + 5 * stepMs);
  };
  await expect(rest()).rejects.toThrow('enough');
}, 60_000);

test('a state goes through its file, and one that is cut off is refused and stays', async () => {
  const past = await historyOf(depsOf().deps, 60);
  const [whole, first, second] = [1, 2, 3].map(() => createAnomalyEngine(defaultAnomaly)) as [Engine, Engine, Engine];
  const file = join(folder, 'anomaly.state');
  for (const { atMs, readings } of past) whole.step(atMs, readings);
  for (const { atMs, readings } of past.slice(0, 40)) first.step(atMs, readings);
  expect(readAnomalyState(file, second)).toBe(false);
  writeAnomalyState(file, first);
  expect(readAnomalyState(file, second)).toBe(true);
  for (const { atMs, readings } of past.slice(40)) second.step(atMs, readings);
  expect(Buffer.concat([...second.save()]).equals(Buffer.concat([...whole.save()]))).toBe(true);
  truncateSync(file, 5000);
  expect(() => readAnomalyState(file, createAnomalyEngine(defaultAnomaly))).toThrow(/anomaly\.state: .*cut off/);
  writeFileSync(file, 'something else');
  expect(() => readAnomalyState(file, createAnomalyEngine(defaultAnomaly))).toThrow('no saved state');
  expect(() => writeAnomalyState(join(folder, 'none', 'x'), first)).toThrow('cannot be written');
}, 60_000);

type Engine = ReturnType<typeof createAnomalyEngine>;
