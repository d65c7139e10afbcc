import { gpuEnergy } from '../../cli/simulate/billing/energy.ts';
import { gatewayLives, served, simulatedStreams } from '../../cli/simulate/billing/gateway-target.ts';
import { trueHolds, trueStates } from '../../cli/simulate/billing/month-truth.ts';
import { createLedger, type StoredLedger } from '../../exporters/billing/ledger/create-ledger.ts';
import type { Recorded } from '../../exporters/billing/ledger/ledger.ts';
import { readMeters } from '../../exporters/billing/meters/read-meters.ts';
import { readGaps } from '../../exporters/billing/sources/config/gaps.ts';
import { readSources } from '../../exporters/billing/sources/config/read-sources.ts';
import { readWindows } from '../../exporters/billing/sources/read-windows.ts';
import { storeDeps } from '../../exporters/billing/sources/store.ts';
import type { Span } from '../../exporters/billing/span.ts';
import type { MeteredWindow, Usage } from '../../exporters/billing/usage.ts';
import { systemClock } from '../../kit/clock.ts';
import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { type BillingHistory, writeBillingHistory } from '../support/billing-history.ts';
import { openBillingStore } from '../support/billing-ledger.ts';
import { compareMethods, sharedGpus } from '../support/billing-methods.ts';
import { expectedHolds, holdKey, offHolds, type ScrapedAts, scrapedAt } from '../support/billing-truth.ts';
import type { RunningPrometheus } from '../support/prometheus.ts';
import { createStoreBench } from '../support/stores.ts';

/** Half a day that has all that a month has; FLEETLENS_BILLING_HOURS=720 for a month. */
const hours = Number(process.env['FLEETLENS_BILLING_HOURS'] ?? 12);
const hourMs = 3_600_000;
const scrapeSeconds = 30;
const startMs = Date.UTC(2025, 2, 1);
const span = { startMs, endMs: startMs + hours * hourMs };
/** Nothing is known of what was before the first sample. */
const period = { startMs: startMs + hourMs, endMs: span.endMs - hourMs };
const downAt = startMs + Math.floor(0.4 * hours) * hourMs;
const down = { startMs: downAt, endMs: downAt + 2 * hourMs };

// A machine that does much else takes ten times as long.
jest.setTimeout(Math.max(900_000, hours * 60_000));

const meters = readMeters({ value: undefined, where: 'meters' });
const gaps = readGaps(
  { value: undefined, where: 'gaps' },
  meters.map(({ name }) => name),
);

const bench = createStoreBench();
let history: BillingHistory;
let scraped: ScrapedAts;
let prometheus: RunningPrometheus;
let ledger: StoredLedger;
/** The same samples, metered three times, and what the ledger said to it. */
const replays: { readonly windows: readonly MeteredWindow[]; readonly recorded: readonly Recorded[] }[] = [];
let corrected: (typeof replays)[number];
let correctedAgain: (typeof replays)[number];

beforeAll(async () => {
  history = await writeBillingHistory({
    key: { seed: 1, nodes: 2, gpus: 8, span },
    observation: { scrapeSeconds, observeSeconds: 5, replicas: [''], lostShare: 0.003, down: [down] },
  });
  scraped = scrapedAt(history.month, history.observation);
  const store = await openBillingStore(bench, 'embedded');
  ledger = await createLedger({ store, clock: systemClock });
  prometheus = await history.start();
  for (let replay = 0; replay < 3; replay++) replays.push(await meterAndRecord());
  await prometheus.stop();
  history.backFill();
  prometheus = await history.start();
  corrected = await meterAndRecord();
  correctedAgain = await meterAndRecord();
});

afterAll(async () => {
  await prometheus?.stop();
  history?.remove();
  await bench.stop();
});

async function meterAndRecord(): Promise<(typeof replays)[number]> {
  const windows = await meterAll(spansOf(period, hourMs));
  return { windows, recorded: await ledger.record(windows) };
}

interface Wanted {
  readonly names?: readonly string[];
  /** Windows that are asked for together, as a back-fill does it. */
  readonly atOnce?: number;
}

async function meterAll(
  spans: readonly Span[],
  { names, atOnce = 48 }: Wanted = {},
): Promise<readonly MeteredWindow[]> {
  const [source] = readSources({ value: [{ name: 'p', url: prometheus.url, cluster: 'simulated' }], where: 'sources' });
  if (source === undefined) throw new Error('no source');
  const windows: MeteredWindow[] = [];
  for (const meter of meters.filter(({ name }) => names?.includes(name) ?? true)) {
    for (let at = 0; at < spans.length; at += atOnce) {
      const request = { source, meter, spans: spans.slice(at, at + atOnce), gaps: gaps.of(meter.name) };
      windows.push(
        ...(await readWindows(
          { ...request, systemNamespaces: ['gpu-operator'] },
          storeDeps(() => ''),
        )),
      );
    }
  }
  return windows;
}

function spansOf({ startMs: from, endMs }: Span, lengthMs: number): readonly Span[] {
  return Array.from({ length: Math.ceil((endMs - from) / lengthMs) }, (_, index) => ({
    startMs: from + index * lengthMs,
    endMs: Math.min(endMs, from + (index + 1) * lengthMs),
  }));
}

function usagesOf(windows: readonly MeteredWindow[], meter: string): readonly Usage[] {
  return windows.flatMap((window) => (window.meter === meter ? window.usages : []));
}

/** Sums of bigint quantities by any key. */
function sumsOf<T extends Pick<Usage, 'quantity'>>(rows: readonly T[], keyOf: (row: T) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0n) + row.quantity);
  return sums;
}

async function totalsOf(meter: string) {
  return await ledger.totals({ segments: [{ span: period, bucket: 0 }], meters: [meter] });
}

function soleHolds<T extends Pick<Usage, 'state' | 'resource'>>(rows: readonly T[]): readonly T[] {
  const shared = sharedGpus(history.month);
  return rows.filter(({ state, resource }) => state === 'used' && !shared.has(resource));
}

test('each allocation is billed as it was, to a scrape interval at each of its edges, once the outage is back-filled', async () => {
  const { month, observation } = history;
  const expected = expectedHolds(month, observation, period, scraped.backFilled);
  const found = sumsOf(soleHolds(usagesOf(corrected.windows, 'gpu_time')), ({ resource, holder }) =>
    holdKey(resource, holder),
  );
  expect(offHolds(found, expected, scrapeSeconds * 1000)).toEqual([]);
  const totals = await totalsOf('gpu_time');
  const ofLedger = sumsOf(soleHolds(totals), ({ resource, holder }) => holdKey(resource, holder));
  expect(ofLedger).toEqual(found);
});

test('what counters cover is exact to half an observation', () => {
  const { month, observation } = history;
  const expected = expectedHolds(month, observation, period, scraped.backFilled);
  const found = sumsOf(soleHolds(usagesOf(corrected.windows, 'gpu_time')), ({ resource, holder }) =>
    holdKey(resource, holder),
  );
  const covered = [...expected].filter(([, { allowedMs }]) => allowedMs === 2 * scrapeSeconds * 1000);
  const errors = covered
    .map(([key, { trueMs }]) => Math.abs(Number(found.get(key) ?? 0n) - trueMs))
    .toSorted((a, b) => a - b);
  expect(covered.length).toBeGreaterThan(expected.size / 2);
  // Two edges, each known to half of the five seconds between two looks at the kubelet.
  expect(errors[Math.floor(errors.length * 0.9)]).toBeLessThanOrEqual(5000);
});

test('used, idle and unavailable add up to what is installed, without any error', () => {
  for (const { windows } of [...replays, corrected]) {
    const gpuTime = windows.filter(({ meter }) => meter === 'gpu_time');
    expect(gpuTime).toHaveLength(hours - 2);
    expect(gpuTime.filter(({ conservation }) => conservation?.error.num !== 0n)).toEqual([]);
    expect(gpuTime.map(({ conservation }) => conservation?.installedMs)).toEqual(gpuTime.map(() => 16 * hourMs));
    for (const { usages } of gpuTime) expect(addedUp(usages)).toBe(16 * hourMs);
  }
});

/** Shares are sevenths, eighths, quarters and fifteenths: exact in 840ths. */
function addedUp(usages: readonly Usage[]): number {
  const parts = usages.map(({ quantity, share: { num, den } }) => [quantity * BigInt(num), BigInt(den)] as const);
  const den = parts.reduce((product, [, each]) => (product % each === 0n ? product : product * each), 1n);
  return Number(parts.reduce((sum, [num, each]) => sum + (num * den) / each, 0n)) / Number(den);
}

test('a GPU that is shared is billed for the time in which anybody had it', () => {
  const rows = usagesOf(corrected.windows, 'gpu_time');
  for (const uuid of sharedGpus(history.month)) {
    const gpu = history.month.gpus.find((each) => each.uuid === uuid);
    if (gpu === undefined) throw new Error(`no GPU ${uuid}`);
    const { usedMs } = trueStates(history.month, gpu, period);
    const edges = trueHolds(history.month, period).filter(({ slot }) => slot.uuid === uuid).length;
    const foundMs = addedUp(rows.filter(({ resource, state }) => resource === uuid && state === 'used'));
    expect(Math.abs(foundMs - usedMs)).toBeLessThan(usedMs * 0.02 + edges * 2 * 5000);
  }
});

test('why a GPU could not be had is known to a scrape interval or two', () => {
  const rows = usagesOf(corrected.windows, 'gpu_time').filter(({ state }) => state === 'unavailable');
  for (const gpu of history.month.gpus) {
    const { unavailableMs } = trueStates(history.month, gpu, period);
    for (const [reason, trueMs] of Object.entries(unavailableMs)) {
      const own = rows.filter((row) => row.resource.startsWith(gpu.uuid) && row.reason === reason);
      const edges =
        reason === 'lost' ? gpu.lost.length : history.month.nodes.flatMap(({ notReady }) => notReady).length;
      const foundMs = addedUp(own);
      const isNear = Math.abs(foundMs - trueMs) <= 2 * (edges + 1) * 2.5 * scrapeSeconds * 1000;
      expect({ uuid: gpu.uuid, reason, foundMs, trueMs, isNear }).toEqual({
        uuid: gpu.uuid,
        reason,
        foundMs,
        trueMs,
        isNear: true,
      });
    }
  }
});

test('three replays of the same samples are the same, and add nothing', () => {
  const [first, ...others] = replays;
  expect(first?.recorded.every(({ rows }) => rows >= 0)).toBe(true);
  expect(first?.recorded.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(1000);
  const hashes = first?.recorded.map(({ meter, hash }) => [meter, hash]);
  for (const { recorded } of others) {
    expect(recorded.map(({ meter, hash }) => [meter, hash])).toEqual(hashes);
    expect(recorded.reduce((sum, { rows }) => sum + rows, 0)).toBe(0);
  }
});

test('a back-fill adds signed rows to the windows that it changes, and a second look at it none', async () => {
  const changed = corrected.recorded.filter(({ rows }) => rows > 0);
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.every(({ revision }) => revision === 1)).toBe(true);
  const [first, last] = [down.startMs - hourMs, down.endMs + hourMs];
  expect(changed.filter(({ span: { startMs: from } }) => from < first || from >= last)).toEqual([]);
  expect(correctedAgain.recorded.reduce((sum, { rows }) => sum + rows, 0)).toBe(0);
  const entries = await ledger.entries({ span: down, meters: ['gpu_time'], limit: 10_000 });
  expect(entries.some(({ revision, quantity }) => revision === 1 && quantity < 0n)).toBe(true);
  const verified = await ledger.verify({ span: period });
  expect(verified).toMatchObject({ problems: [] });
});

test('before the back-fill only allocations that touch the outage are not known', () => {
  const { month, observation } = history;
  const expected = expectedHolds(month, observation, period, scraped.before);
  const found = sumsOf(soleHolds(usagesOf(replays[0]?.windows ?? [], 'gpu_time')), ({ resource, holder }) =>
    holdKey(resource, holder),
  );
  const near = { startMs: down.startMs - hourMs / 10, endMs: down.endMs + hourMs / 10 };
  const touching = new Set(trueHolds(month, near).map(({ pod }) => `${pod.namespace} ${pod.name}`));
  const off = offHolds(found, expected, scrapeSeconds * 1000);
  expect(off.length).toBeGreaterThan(0);
  expect(off.filter(({ key }) => !touching.has(key.split(' ').slice(1, 3).join(' ')))).toEqual([]);
});

test('any partition of the time has the same sums, to the millisecond', async () => {
  const part = { startMs: period.startMs, endMs: period.startMs + 3 * hourMs };
  const names = ['gpu_time', 'gpu_energy', 'cpu_time', 'llm_tokens_input'];
  const hourly = corrected.windows.filter(({ meter, span: { endMs } }) => names.includes(meter) && endMs <= part.endMs);
  const inHours = sumsOf(hourly.flatMap(usagesIn), textOfKey);
  expect(inHours.size).toBeGreaterThan(100);
  for (const minutes of [5, 15]) {
    // A number of windows at once that fits into no hour.
    const windows = await meterAll(spansOf(part, minutes * 60_000), { names, atOnce: 7 });
    const inMinutes = sumsOf(windows.flatMap(usagesIn), textOfKey);
    const keys = [...new Set([...inHours.keys(), ...inMinutes.keys()])];
    expect(keys.filter((key) => inHours.get(key) !== inMinutes.get(key))).toEqual([]);
  }
});

const usagesIn = ({ usages }: MeteredWindow): readonly Usage[] => usages;

function textOfKey({ quantity: _, ...key }: Usage): string {
  return JSON.stringify(key);
}

test('tokens and requests are those that were served, but for what a restart forgot', () => {
  const intervalMs = 2 * scrapeSeconds * 1000;
  const meterOf = { input: 'llm_tokens_input', generated: 'llm_tokens_output', requests: 'llm_requests' } as const;
  const restarts = gatewayLives(history.month.key).length;
  for (const stream of simulatedStreams(history.month.key)) {
    for (const [kind, meter] of Object.entries(meterOf) as ['input', (typeof meterOf)['input']][]) {
      const own = usagesOf(corrected.windows, meter).filter(
        ({ sku, holder }) => sku === stream.model && holder['tenant'] === stream.tenant,
      );
      const found = Number(own.reduce((sum, { quantity }) => sum + quantity, 0n));
      const truth = served(history.month, stream, kind, period);
      const perRequest = { input: stream.promptTokens, generated: stream.answerTokens, requests: 1 }[kind];
      const forgotten = ((restarts + 1) * intervalMs * stream.requestsPerSecond * 1.6 * perRequest) / 1000;
      expect(found).toBeGreaterThan(truth - forgotten);
      expect(found).toBeLessThanOrEqual(truth + (intervalMs * stream.requestsPerSecond * 1.6 * perRequest) / 1000);
    }
  }
});

test('energy is what the boards drew while their drivers were loaded, but for the ends of drivers', () => {
  const rows = usagesOf(corrected.windows, 'gpu_energy');
  const most = 540 * 3 * scrapeSeconds * 1000;
  for (const gpu of history.month.gpus) {
    const found = Number(
      rows.filter(({ resource }) => resource === gpu.uuid).reduce((sum, { quantity }) => sum + quantity, 0n),
    );
    const drawn = gpuEnergy(history.month, gpu).drawn(period);
    const ends = history.month.nodes.flatMap(({ notReady }) => notReady).length + gpu.lost.length + 1;
    expect(found).toBeGreaterThan(drawn - ends * most);
    expect(found).toBeLessThan(drawn + most);
  }
});

test('side by side: OpenCost’s method and increase() are further off', async () => {
  const api = createPrometheusApi({ url: prometheus.url, timeoutMs: 120_000 });
  const { windows } = corrected;
  const { fleetlens, opencost, increase } = await compareMethods({ month: history.month, period, api, windows });
  expect(fleetlens.absoluteError).toBeLessThan(opencost.absoluteError / 2);
  expect(fleetlens.absoluteError).toBeLessThan(increase.absoluteError);
});
