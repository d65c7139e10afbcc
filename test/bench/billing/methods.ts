import { readMeters } from '../../../exporters/billing/meters/read-meters.ts';
import { readGaps } from '../../../exporters/billing/sources/config/gaps.ts';
import { readSources } from '../../../exporters/billing/sources/config/read-sources.ts';
import { readWindows } from '../../../exporters/billing/sources/read-windows.ts';
import { storeDeps } from '../../../exporters/billing/sources/store.ts';
import type { Span } from '../../../exporters/billing/span.ts';
import type { MeteredWindow } from '../../../exporters/billing/usage.ts';
import { createPrometheusApi } from '../../../kit/prometheus-api.ts';
import { type BillingHistory, writeBillingHistory } from '../../support/billing-history.ts';
import { compareMethods, type MethodErrors } from '../../support/billing-methods.ts';
import type { MethodError } from '../../support/billing-rival-queries.ts';
import { costOf, type Row, row } from '../bench.ts';

const hourMs = 3_600_000;
const days = 30;
const span = { startMs: Date.UTC(2025, 2, 1), endMs: Date.UTC(2025, 2, 1) + days * 24 * hourMs };
/** Nothing is known of what was before the first sample. */
const period = { startMs: span.startMs + hourMs, endMs: span.endMs - hourMs };
const downAt = span.startMs + 12 * 24 * hourMs;
const windowsAtOnce = 48;

/** How far off the methods are of a month whose truth is known, from the same samples of the same Prometheus. */
export async function methodRows(progress: (step: string) => void): Promise<readonly Row[]> {
  progress(`${days} days of a simulated cluster into a Prometheus`);
  const history = await writeBillingHistory({
    key: { seed: 1, nodes: 2, gpus: 8, span },
    observation: {
      scrapeSeconds: 30,
      observeSeconds: 5,
      replicas: [''],
      lostShare: 0.003,
      down: [{ startMs: downAt, endMs: downAt + 2 * hourMs }],
      keep,
    },
  });
  try {
    history.backFill();
    return await rowsOf(history, progress);
  } finally {
    history.remove();
  }
}

/** What GPU time needs, ours and that of the others. */
const keep = new Set([
  'up',
  'process_start_time_seconds',
  ...['info', 'up', 'mig_info', 'pod_info', 'allocatable_devices'].map((name) => `gpu_${name}`),
  'gpu_allocated_seconds_total',
  'gpu_allocated_share_seconds_total',
  'kube_pod_info',
  'kube_pod_start_time',
  'kube_pod_completion_time',
  'kube_pod_status_phase',
  'kube_pod_container_status_running',
  'kube_pod_container_resource_requests',
  'kube_node_status_condition',
  'kube_node_spec_unschedulable',
]);

async function rowsOf(history: BillingHistory, progress: (step: string) => void): Promise<readonly Row[]> {
  const prometheus = await history.start();
  try {
    progress('the month is metered');
    let windows: readonly MeteredWindow[] = [];
    const cost = await costOf(async () => {
      windows = await meterGpuTime(prometheus.url);
    });
    progress('the month as others reckon it');
    const api = createPrometheusApi({ url: prometheus.url, timeoutMs: 300_000 });
    const errors = await compareMethods({ month: history.month, period, api, windows });
    return [
      ...errorRows(errors),
      row({ bench: 'billing', name: 'that month metered, CPU', unit: 's', runs: [cost.cpuMs / 1000] }),
    ];
  } finally {
    await prometheus.stop();
  }
}

async function meterGpuTime(url: string): Promise<readonly MeteredWindow[]> {
  const [source] = readSources({ value: [{ name: 'bench', url, cluster: 'simulated' }], where: 'sources' });
  const meter = readMeters({ value: undefined, where: 'meters' }).find(({ name }) => name === 'gpu_time');
  if (source === undefined || meter === undefined) throw new Error('no meter gpu_time');
  const gaps = readGaps({ value: undefined, where: 'gaps' }, [meter.name]).of(meter.name);
  const windows: MeteredWindow[] = [];
  for (let at = period.startMs; at < period.endMs; at += windowsAtOnce * hourMs) {
    const request = { source, meter, spans: hoursFrom(at), gaps, systemNamespaces: ['gpu-operator'] };
    windows.push(
      ...(await readWindows(
        request,
        storeDeps(() => ''),
      )),
    );
  }
  const wrong = windows.filter(({ conservation }) => conservation?.error.num !== 0n);
  if (wrong.length > 0) throw new Error(`the states of ${wrong.length} windows do not add up`);
  return windows;
}

function hoursFrom(startMs: number): readonly Span[] {
  const count = Math.min(windowsAtOnce, (period.endMs - startMs) / hourMs);
  return Array.from({ length: count }, (_, hour) => ({
    startMs: startMs + hour * hourMs,
    endMs: startMs + (hour + 1) * hourMs,
  }));
}

function errorRows({ fleetlens, opencost, increase }: MethodErrors): readonly Row[] {
  const others = [
    ['OpenCost’s method', opencost],
    ['increase()', increase],
  ] as const;
  const shown: readonly (readonly [string, string, (error: MethodError) => number])[] = [
    ['error over all pods', 'GPU h', ({ absoluteError }) => absoluteError],
    ['error of the bill', '%', ({ error, trueHours }) => (100 * Math.abs(error)) / trueHours],
    ['error of the pod that is worst off', 'GPU h', ({ worst }) => worst],
  ];
  return others.flatMap(([who, other]) =>
    shown.map(([what, unit, figureOf]) =>
      row({
        bench: 'billing',
        name: `GPU time of ${days} days, ${what}, against ${who}`,
        unit,
        runs: [figureOf(fleetlens)],
        baselineRuns: [figureOf(other)],
      }),
    ),
  );
}
