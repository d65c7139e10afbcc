import type { DeviceInput, RawSeries } from '../../exporters/billing/metering/accrual.ts';
import { hashOfUsages } from '../../exporters/billing/metering/canonical.ts';
import { accrualOfCounter, marginOf } from '../../exporters/billing/metering/counter.ts';
import { accrualOfGauge } from '../../exporters/billing/metering/gauge.ts';
import { meterGpus } from '../../exporters/billing/metering/meter-gpus.ts';
import { meterSeries } from '../../exporters/billing/metering/meter-series.ts';
import { type Bench, costOf, row } from './bench.ts';

const hour = 3_600_000;
const everyMs = 15_000;
const gpus = 10_000;
const runs = 5;

/** Sized so that two pods follow each other on a tenth of the GPUs and a fifth is idle. */
export const billingMetering: Bench = {
  name: 'billing-metering',
  about: 'CPU time of metering one hour of 10,000 GPUs from raw samples in memory: states of GPUs, energy and memory',
  run: async (progress) => {
    const fleet = fleetOf(gpus);
    const window = { startMs: 0, endMs: hour };
    const cost = { gpus: [] as number[], energy: [] as number[], memory: [] as number[], hash: [] as number[] };
    for (let run = 0; run <= runs; run++) {
      progress(`run ${run} of ${runs}`);
      let usages: ReturnType<typeof meterGpus>['windows'] = [];
      const ofGpus = await costOf(() => {
        usages = meterGpus(fleet.map(deviceOf), [window], { systemNamespaces: ['kube-system'] }).windows;
      });
      if (usages[0]?.conservation.error.num !== 0n) throw new Error('the states do not add up');
      const ofHash = await costOf(() => hashOfUsages(usages[0]?.usages ?? []));
      const ofEnergy = await costOf(() => meterEnergy(fleet, window));
      const ofMemory = await costOf(() => meterMemory(fleet, window));
      // The first run warms up.
      if (run === 0) continue;
      cost.gpus.push(ofGpus.cpuMs / 1000);
      cost.hash.push(ofHash.cpuMs / 1000);
      cost.energy.push(ofEnergy.cpuMs / 1000);
      cost.memory.push(ofMemory.cpuMs / 1000);
    }
    const figures: readonly (readonly [string, readonly number[]])[] = [
      ['GPU time of 10,000 GPUs, one hour', cost.gpus],
      ['energy of 10,000 GPUs, one hour', cost.energy],
      ['memory of 10,000 GPUs, one hour', cost.memory],
      ['hash of the usages', cost.hash],
    ];
    return figures.map(([name, seconds]) => row({ bench: 'billing-metering', name, unit: 'CPU s', runs: seconds }));
  },
};

interface Gpu {
  readonly uuid: string;
  readonly node: string;
  readonly scrapedAt: Float64Array;
  readonly holders: readonly { readonly pod: string; readonly held: RawSeries; readonly divided: RawSeries }[];
  readonly energy: RawSeries;
  readonly memory: RawSeries;
}

function deviceOf({ uuid, node, scrapedAt, holders }: Gpu): DeviceInput {
  const [first = 0, last = 0] = [scrapedAt[0], scrapedAt.at(-1)];
  const all = { startMs: first, endMs: last };
  return {
    cluster: 'c1',
    node,
    uuid,
    model: 'NVIDIA H100 80GB HBM3',
    installed: [all],
    seen: [all],
    unavailable: [],
    instances: [],
    replicas: [],
    holdings: holders.map(({ pod, held, divided }) => {
      const options = { scale: 1000, fromMs: first, scrapedAt };
      return {
        gpuInstanceId: '',
        profile: '',
        holder: { namespace: 'team-a', pod, container: 'main' },
        held: accrualOfCounter(held, { ...options, growsWithTime: true }).accrual,
        divided: accrualOfCounter(divided, options).accrual,
      };
    }),
  };
}

type Window = { readonly startMs: number; readonly endMs: number };

function meterEnergy(fleet: readonly Gpu[], window: Window): void {
  const series = fleet.map(({ uuid, node, energy, scrapedAt }) => ({
    labels: { uuid, node },
    accrual: accrualOfCounter(energy, { scale: 1000, fromMs: scrapedAt[0] ?? 0, scrapedAt }).accrual,
  }));
  meterSeries({ ...meter('gpu_energy'), series }, [window]);
}

function meterMemory(fleet: readonly Gpu[], window: Window): void {
  const series = fleet.map(({ uuid, node, memory }) => ({
    labels: { uuid, node },
    accrual: accrualOfGauge(memory, { scale: 1, holdMs: 37_500 }).accrual,
  }));
  meterSeries({ ...meter('gpu_memory'), series }, [window]);
}

function meter(name: string) {
  return { meter: name, cluster: 'c1', source: { resource: ['uuid'], sku: [], holder: {} }, systemNamespaces: [] };
}

function fleetOf(count: number): readonly Gpu[] {
  const margin = marginOf(everyMs);
  const scrapes = Math.ceil((hour + 2 * margin) / everyMs);
  return Array.from({ length: count }, (_, at) => {
    const jitter = (at * 7919) % everyMs;
    const scrapedAt = Float64Array.from(
      { length: scrapes },
      (__, n) => -margin + jitter + n * everyMs + ((n * 31) % 7),
    );
    const change = hour / 2 + jitter;
    const far = 100 * hour;
    const turns =
      at % 10 === 0
        ? [
            [-far, change],
            [change, far],
          ]
        : at % 5 === 1
          ? []
          : [[-far, far]];
    return {
      uuid: `GPU-${at}`,
      node: `node-${Math.floor(at / 8)}`,
      scrapedAt,
      holders: turns.map(([start = 0, end = 0], turn) => {
        const held = counter(scrapedAt, (time) => (Math.min(time, end) - start) / 1000);
        return { pod: `pod-${at}-${turn}`, held, divided: held };
      }),
      energy: counter(scrapedAt, (time) => (time + far) * 0.3127),
      memory: counter(scrapedAt, (time) => 60e9 + ((time / 1000) % 977) * 1e6),
    };
  });
}

/** The samples of a series that is there from the time at which its value is above 0. */
function counter(scrapedAt: Float64Array, valueAt: (timeMs: number) => number): RawSeries {
  const timesMs = scrapedAt.filter((time) => valueAt(time) > 0);
  return { labels: {}, timesMs, values: timesMs.map(valueAt) };
}
