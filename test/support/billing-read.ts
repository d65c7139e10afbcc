import { defaultMeters } from '../../exporters/billing/meters/default-meters.ts';
import type { Meter } from '../../exporters/billing/meters/meter.ts';
import { readFileNow } from '../../exporters/billing/sources/config/fields.ts';
import { defaultGaps, type GapSettings } from '../../exporters/billing/sources/config/gaps.ts';
import { readSources } from '../../exporters/billing/sources/config/read-sources.ts';
import { readWindows } from '../../exporters/billing/sources/read-windows.ts';
import { type StoreDeps, storeDeps } from '../../exporters/billing/sources/store.ts';
import type { Span } from '../../exporters/billing/span.ts';
import type { MeteredWindow, Usage } from '../../exporters/billing/usage.ts';

export interface Asked {
  readonly cluster: string;
  readonly spans: readonly Span[];
  readonly url: string;
  readonly meter?: string | Meter;
  readonly gaps?: Partial<GapSettings>;
  readonly source?: Readonly<Record<string, unknown>>;
  readonly deps?: Partial<StoreDeps>;
}

export async function read({ cluster, spans, url, meter = 'gpu_time', gaps, source, deps }: Asked) {
  const given = { name: 'main', cluster_label: 'cluster', clusters: [cluster], url, ...source };
  const [first] = readSources({ value: [given], where: 'billing.yaml: sources' });
  if (first === undefined) throw new Error('no source');
  const problems: string[] = [];
  const windows = await readWindows(
    {
      source: first,
      meter: typeof meter === 'string' ? meterOf(meter) : meter,
      spans,
      gaps: { ...defaultGaps, ...gaps },
      systemNamespaces: ['kube-system'],
      onProblem: (problem) => problems.push(problem),
    },
    { ...storeDeps(readFileNow), ...deps },
  );
  return { windows, problems };
}

export function meterOf(name: string): Meter {
  const meter = defaultMeters.find((each) => each.name === name);
  if (meter === undefined) throw new Error(`no meter ${name}`);
  return meter;
}

/** Quantities by what they are of, summed over windows. */
export function totals(windows: readonly MeteredWindow[], of: (usage: Usage) => string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const usage of windows.flatMap(({ usages }) => usages)) {
    const key = of(usage);
    sums[key] = (sums[key] ?? 0) + Number(usage.quantity);
  }
  return sums;
}

export const byPod = ({ resource, state, reason, holder }: Usage): string =>
  `${resource} ${state}${reason === '' ? '' : ` ${reason}`}${holder['pod'] === undefined ? '' : ` ${holder['pod']}`}`;

export const isExact = (windows: readonly MeteredWindow[]): boolean =>
  windows.every(({ conservation }) => conservation?.error.num === 0n);

/** By half an interval on average, by one at most. */
export const near =
  (ms: number, withinMs: number) =>
  (value: number | undefined): boolean =>
    value !== undefined && Math.abs(value - ms) <= withinMs;
