import { readMeters } from '../../../exporters/billing/meters/read-meters.ts';
import { readGaps } from '../../../exporters/billing/sources/config/gaps.ts';
import { readSources } from '../../../exporters/billing/sources/config/read-sources.ts';
import { readWindows } from '../../../exporters/billing/sources/read-windows.ts';
import { storeDeps } from '../../../exporters/billing/sources/store.ts';
import { createPrometheusApi } from '../../../kit/prometheus-api.ts';
import { costOf } from '../bench.ts';

/** `metering-side.ts URL METER START RUNS`: meters that hour as a daemon does, and prints what it cost as JSON. */
export interface MeteringCost {
  readonly cpuSeconds: readonly number[];
  readonly usages: number;
  readonly samples: number;
  readonly requests: number;
  /** A fraction as text; empty for a meter that adds up to nothing. */
  readonly conservationError: string;
  readonly peakMebibytes: number;
}

const hourMs = 3_600_000;
const [url = '', name = '', start = '', runs = ''] = process.argv.slice(2);
const [source] = readSources({ value: [{ name: 'bench', url, cluster: 'bench' }], where: 'sources' });
const meters = readMeters({ value: undefined, where: 'meters' });
const meter = meters.find((each) => each.name === name);
if (source === undefined || meter === undefined) throw new Error(`no meter ${name}`);
const gaps = readGaps(
  { value: undefined, where: 'gaps' },
  meters.map((each) => each.name),
).of(name);
const spans = [{ startMs: Number(start), endMs: Number(start) + hourMs }];
const request = { source, meter, spans, gaps, systemNamespaces: ['kube-system'] };
let requests = 0;
const counting: typeof fetch = (...args) => {
  requests++;
  return fetch(...args);
};
const deps = {
  ...storeDeps(() => ''),
  createApi: (settings: Parameters<typeof createPrometheusApi>[0]) =>
    createPrometheusApi({ ...settings, fetch: counting }),
};

const cpuSeconds: number[] = [];
let window: Awaited<ReturnType<typeof readWindows>>[number] | undefined;
for (let run = 0; run < Number(runs); run++) {
  requests = 0;
  const { cpuMs } = await costOf(async () => {
    [window] = await readWindows(request, deps);
  });
  cpuSeconds.push(cpuMs / 1000);
}
const error = window?.conservation?.error;
const cost: MeteringCost = {
  cpuSeconds,
  usages: window?.usages.length ?? 0,
  samples: window?.evidence.samples ?? 0,
  requests,
  conservationError: error === undefined ? '' : `${error.num}/${error.den}`,
  peakMebibytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(cost));
