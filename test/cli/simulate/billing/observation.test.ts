import { gpuEnergy } from '../../../../cli/simulate/billing/energy.ts';
import { trueHolds } from '../../../../cli/simulate/billing/month-truth.ts';
import { type Observation, type ObservedSample, observe } from '../../../../cli/simulate/billing/observation.ts';
import { observeAllocations } from '../../../../cli/simulate/billing/observed-allocations.ts';
import { simulatedMonth } from '../../../../cli/simulate/billing/simulated-month.ts';
import { kubeStateText } from '../../../../cli/simulate/platform/kube-state-text.ts';

const startMs = Date.UTC(2026, 9, 1);
const hour = 3_600_000;
const month = simulatedMonth({ seed: 3, nodes: 2, gpus: 8, span: { startMs, endMs: startMs + 8 * hour } });
const observation: Observation = { scrapeSeconds: 30, observeSeconds: 5, replicas: [''], lostShare: 0.01, down: [] };

/** What each series grew by, resets not counted as loss. */
function growthOf(samples: readonly ObservedSample[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  const growth = new Map<string, number>();
  for (const { head, value } of samples) {
    const [text = ''] = head.texts;
    const before = last.get(text) ?? 0;
    growth.set(text, (growth.get(text) ?? 0) + (value < before ? value : value - before));
    last.set(text, value);
  }
  return growth;
}

function observed(of: Partial<Observation> = {}): readonly ObservedSample[] {
  const samples: ObservedSample[] = [];
  const stops = [month.key.span];
  for (const _ of observe(month, { ...observation, ...of }, stops, (sample) => samples.push(sample)));
  return samples;
}

test('an exporter that is asked rarely counts as one that is asked all the time', () => {
  for (const node of month.nodes) {
    const [rarely, often] = [observeAllocations(month, node, 5), observeAllocations(month, node, 5)];
    for (let atMs = startMs; atMs < startMs + 8 * hour; atMs += 2000) {
      often.until(atMs);
      if ((atMs - startMs) % (20 * 60_000) > 0) continue;
      rarely.until(atMs);
      expect(rounded(rarely)).toEqual(rounded(often));
    }
  }
});

function rounded(observed: ReturnType<typeof observeAllocations>) {
  return observed.times().map(({ seconds, shareSeconds, ...time }) => ({
    ...time,
    seconds: Math.round(seconds * 1e6),
    shareSeconds: Math.round(shareSeconds * 1e6),
  }));
}

test('counters of allocations grow by what is true, to half an observation at each edge and what a restart forgets', () => {
  const growth = growthOf(observed().filter(({ head }) => head.name === 'gpu_allocated_seconds_total'));
  const grown = new Map<string, number>();
  for (const { head } of observed()) {
    const [text = ''] = head.texts;
    if (head.name === 'gpu_allocated_seconds_total') grown.set(keyOfLabels(head.labels), growth.get(text) ?? 0);
  }
  const truth = new Map<string, { seconds: number; allowed: number }>();
  for (const { slot, pod, span } of trueHolds(month, month.key.span)) {
    const key = keyOfLabels({
      uuid: slot.uuid,
      gpu_instance_id: slot.gpuInstanceId,
      profile: slot.profile,
      namespace: pod.namespace,
      pod: pod.name,
    });
    const lives = month.nodes.find(({ name }) => name === slot.node)?.exporters ?? [];
    const ends = lives.filter(
      (life) => span.startMs - 600_000 < life.span.endMs && life.span.endMs < span.endMs + 600_000,
    );
    const before = truth.get(key) ?? { seconds: 0, allowed: 0 };
    truth.set(key, {
      seconds: before.seconds + (span.endMs - span.startMs) / 1000,
      allowed: before.allowed + 2 * 5 + ends.length * (60 + 45 + 5),
    });
  }
  let exact = 0;
  for (const [key, { seconds, allowed }] of truth) {
    const error = Math.abs((grown.get(key) ?? 0) - seconds);
    expect({ key, isWithin: error <= allowed, error }).toEqual({ key, isWithin: true, error });
    if (error <= 10) exact++;
  }
  expect(exact).toBeGreaterThan(truth.size / 2);
  expect([...grown.keys()].filter((key) => !truth.has(key))).toEqual([]);
});

function keyOfLabels({
  uuid,
  gpu_instance_id: instance = '',
  profile = '',
  namespace,
  pod,
}: Readonly<Record<string, string>>): string {
  return [uuid, instance, profile, namespace, pod].join(' ');
}

test('energy counters lose what was drawn between the last scrape and the end of a driver, and nothing else', () => {
  const growth = growthOf(observed({ lostShare: 0 }).filter(({ head }) => head.name === 'gpu_energy_joules_total'));
  for (const gpu of month.gpus) {
    const drawn = gpuEnergy(month, gpu).drawn(month.key.span) / 1000;
    const grown = [...growth].filter(([text]) => text.includes(gpu.uuid)).reduce((sum, [, joules]) => sum + joules, 0);
    const ends = gpu.lost.length + 1 + Math.max(...month.nodes.map(({ notReady }) => notReady.length));
    expect(grown).toBeLessThanOrEqual(drawn + 30 * 540);
    expect(grown).toBeGreaterThan(drawn - ends * 30 * 540);
  }
});

test('a scrape that is lost leaves nothing but up 0', () => {
  const samples = observed({ lostShare: 0.2 });
  const all = samples.filter(({ head }) => head.name === 'up');
  const failed = all.filter(({ value }) => value === 0);
  expect(failed.length / all.length).toBeGreaterThan(0.15);
  const others = new Set(
    samples.filter(({ head }) => head.name !== 'up').map(({ head, atMs }) => `${head.labels['instance']} ${atMs}`),
  );
  expect(failed.filter(({ head, atMs }) => others.has(`${head.labels['instance']} ${atMs}`))).toEqual([]);
});

test('what is scraped while Prometheus is down is late, and of one replica alone', () => {
  const down = [{ startMs: startMs + 3 * hour, endMs: startMs + 5 * hour }];
  const samples = observed({ down, replicas: ['a', 'b'] });
  const isWithin = (atMs: number): boolean => atMs >= startMs + 3 * hour && atMs < startMs + 5 * hour;
  expect(samples.filter(({ atMs, isLate }) => isLate !== isWithin(atMs))).toEqual([]);
  expect(samples.filter(({ isLate, replica }) => isLate && replica > 0)).toEqual([]);
  expect(samples.some(({ isLate }) => isLate)).toBe(true);
  const [ofA, ofB] = [0, 1].map((replica) =>
    samples.filter((sample) => sample.replica === replica && sample.head.name === 'up'),
  );
  expect(ofA?.[0]?.atMs).not.toBe(ofB?.[0]?.atMs);
  expect(ofB?.[0]?.head.texts[1]).toContain('replica="b"');
});

test('kube-state-metrics says Running exactly while a pod runs, and goes on listing it with its requests', () => {
  const samples = observed({ lostShare: 0 });
  const byUid = new Map(month.pods.map((pod) => [pod.uid, pod]));
  const running = samples.filter(
    ({ head }) => head.name === 'kube_pod_status_phase' && head.labels['phase'] === 'Running',
  );
  const isTrue = ({ head, value, atMs }: ObservedSample): boolean => {
    const { startMs: from, endMs } = byUid.get(head.labels['uid'] ?? '')?.span ?? month.key.span;
    return value === (from <= atMs && atMs < endMs ? 1 : 0);
  };
  expect(running.filter((sample) => !isTrue(sample))).toEqual([]);
  expect(running.filter(({ value }) => value === 0).length).toBeGreaterThan(100);
  const requested = samples.filter(({ head }) => head.name === 'kube_pod_container_resource_requests');
  expect(
    requested.some(({ head, atMs }) => atMs >= (byUid.get(head.labels['uid'] ?? '')?.span.endMs ?? Infinity)),
  ).toBe(true);
});

test('a live kube-state-metrics shows the pods that run at the end', () => {
  const text = kubeStateText(month);
  const shown = [...text.matchAll(/^kube_pod_status_phase\{.*phase="Running".*\} 1$/gm)];
  const running = month.pods.filter(({ span }) => span.endMs === month.key.span.endMs);
  expect(shown).toHaveLength(running.length + month.nodes.length);
  for (const { name } of running) expect(text).toContain(`pod="${name}"`);
});
