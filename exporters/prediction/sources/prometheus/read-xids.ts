import type { ColumnSeries } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { keyOfEntity } from '../../entity.ts';
import { cleanSamples } from '../../features/clean-samples.ts';
import { growthOf } from '../../features/counter-growth.ts';
import type { HistoryApi } from './history-api.ts';
import type { XidRecord } from './label-signs.ts';
import { selectorOf } from './matchers.ts';
import { gpuOf, type LabelNames } from './series-labels.ts';
import { byStep, rawOfStep, type SignRequest, stepsOf } from './sign-reading.ts';
import { growthQuery, longestGapMs, rangeOf, resetsQuery } from './signal-queries.ts';

const counted = { name: 'xid', kind: 'counter', from: [], combine: 'sum', startsAtZero: true } as const;
const dcgmGauges = ['DCGM_FI_DEV_XID_ERRORS', 'DCGM_FI_DEV_XID_ERROR'];

/**
 * XIDs by code, at the sample that showed them. Ours are counted, and a code that appears has counted from 0. dcgm-exporter tells the last code alone, so that
 * the same code twice is one.
 */
export async function readXids(api: HistoryApi, request: SignRequest): Promise<readonly XidRecord[]> {
  const own = await readCounted(api, request);
  const ofDcgm: XidRecord[] = [];
  for (const metric of dcgmGauges) ofDcgm.push(...(await readLastCodes(api, metric, request)));
  const seen = new Set(own.map(({ entity }) => keyOfEntity(entity)));
  return [...own, ...ofDcgm.filter(({ entity }) => !seen.has(keyOfEntity(entity)))].sort((a, b) => a.atMs - b.atMs);
}

async function readCounted(api: HistoryApi, request: SignRequest): Promise<readonly XidRecord[]> {
  const metric = gpu.gpu_xid_errors_total.name;
  const asking = { by: [request.labels.cluster, 'uuid', 'xid'], matchers: request.matchers, stepMs: request.stepMs };
  const steps = stepsOf(request);
  const grown = await api.range(`${growthQuery(counted, { metric }, asking)} > 0`, steps, request.signal);
  const reset = await api.range(resetsQuery({ metric }, asking), steps, request.signal);
  const records: XidRecord[] = [];
  for (const [endMs, values] of byStep([...grown, ...reset], 'uuid')) {
    const stepStart = endMs - request.stepMs;
    const series = await rawOfStep(api, metric, { label: 'uuid', values, endMs, backMs: longestGapMs }, request);
    for (const each of series) records.push(...growthRecords(each, stepStart, request.labels));
  }
  return records.filter(({ atMs }) => isWithin(atMs, request));
}

function growthRecords(
  { labels, timesMs, values }: ColumnSeries,
  afterMs: number,
  names: LabelNames,
): readonly XidRecord[] {
  const entity = gpuOf(labels, names);
  const code = Number(labels['xid']);
  if (entity === undefined || !Number.isInteger(code)) return [];
  const clean = cleanSamples({ timesMs, values }, [0, 1e30]);
  const growth = growthOf(clean, afterMs);
  return Array.from(growth, (count, at) => ({ entity, code, count, atMs: clean.timesMs[at] as number })).filter(
    ({ count, atMs }) => count > 0 && atMs > afterMs,
  );
}

async function readLastCodes(api: HistoryApi, metric: string, request: SignRequest): Promise<readonly XidRecord[]> {
  const selector = selectorOf(metric, request.matchers);
  const by = [request.labels.cluster, 'UUID'].join(', ');
  const { stepMs } = request;
  const changed = `max by (${by}) (changes(${selector}[${rangeOf(stepMs + 300_000)}])) > 0`;
  const appeared = `max by (${by}) (last_over_time(${selector}[${rangeOf(stepMs)}]) unless last_over_time(${selector}[${rangeOf(longestGapMs)}] offset ${stepMs}ms)) > 0`;
  const steps = stepsOf(request);
  const series = [
    ...(await api.range(changed, steps, request.signal)),
    ...(await api.range(appeared, steps, request.signal)),
  ];
  const records: XidRecord[] = [];
  for (const [endMs, values] of byStep(series, 'UUID')) {
    for (const each of await rawOfStep(api, metric, { label: 'UUID', values, endMs, backMs: longestGapMs }, request))
      records.push(...codeRecords(each, endMs - stepMs, request.labels));
  }
  return records.filter(({ atMs }) => isWithin(atMs, request));
}

function codeRecords(series: ColumnSeries, afterMs: number, names: LabelNames): readonly XidRecord[] {
  const entity = gpuOf(series.labels, names);
  if (entity === undefined) return [];
  const { timesMs, values } = cleanSamples(series, [0, 100_000]);
  return Array.from(values, (code, at) => ({ entity, code, count: 1, atMs: timesMs[at] as number })).filter(
    ({ code, atMs }, at) => code > 0 && code !== (values[at - 1] ?? 0) && atMs > afterMs,
  );
}

function isWithin(atMs: number, { startMs, endMs }: SignRequest): boolean {
  return atMs > startMs && atMs <= endMs;
}
