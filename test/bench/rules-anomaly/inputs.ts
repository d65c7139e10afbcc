import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createBlocks } from '../../../cli/simulate/billing/history-blocks.ts';
import { openMetricsFile } from '../../../cli/simulate/billing/open-metrics-file.ts';
import { headsOf } from '../../../cli/simulate/billing/series.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Series of one name that a rule reads, as far back as it reads them. */
interface Input {
  readonly name: string;
  readonly series: readonly Readonly<Record<string, string>>[];
  readonly stepMs: number;
  readonly spanMs: number;
  readonly value: number;
  /** Counters grow by this from one sample to the next. */
  readonly growth?: number;
  /** How long before now the samples end. */
  readonly endMs?: number;
}

export const gpusPerNode = 8;
const models = 50;
const replicas = 500;
const runs = 200;
const tenants = 200;
const cluster = 'c1';
/** At which targets are scraped, and at which rules that have no interval of their own are evaluated. */
const scrapeMs = 30 * secondMs;

const many = (count: number, make: (index: number) => Readonly<Record<string, string>>) =>
  Array.from({ length: count }, (_, index) => make(index));

/** What the rules about anomalies read of a cluster of so many GPUs. */
export function anomalyInputs(gpus: number): { readonly recent: readonly Input[]; readonly past: readonly Input[] } {
  const nodes = many(gpus / gpusPerNode, (index) => ({ cluster, node: `n${index}` }));
  const devices = many(gpus, (index) => ({
    ...nodes[Math.floor(index / gpusPerNode)],
    gpu_id: String(index % gpusPerNode),
    uuid: `GPU-${index}`,
    job: 'fleetlens-gpu',
    instance: `n${Math.floor(index / gpusPerNode)}:9400`,
  }));
  const ofModels = many(models, (index) => ({ cluster, engine_kind: 'vllm', model_name: `m${index}` }));
  const ofReplicas = many(replicas, (index) => ({
    ...ofModels[index % models],
    node: `n${index}`,
    job: 'fleetlens-engine-vllm',
    instance: `n${index}:8000`,
  }));
  const ofRuns = many(runs, (index) => ({
    cluster,
    run: `r${index}`,
    job_id: String(index),
    framework: 'torchtitan',
    job: 'fleetlens-training',
    instance: 'n0:9410',
  }));
  const ofTenants = many(tenants, (index) => ({ cluster, tenant: `t${index}`, currency: 'EUR' }));
  const scraped = { stepMs: scrapeMs, spanMs: 5 * minuteMs, value: 60 };
  const recorded = { stepMs: minuteMs, spanMs: 5 * minuteMs, value: 60 };
  const ofSlo = [{ cluster, slo: 'gpu-availability' }];
  const medians = ['gpu_temperature_celsius', 'gpu_power_watts', 'gpu_sm_clock_hertz'].flatMap((metric) => [
    { ...recorded, name: `node:${metric}:median`, series: nodes },
    { ...recorded, name: `node:${metric}:mad`, series: nodes },
  ]);
  const levels = ['node:gpu_temperature_celsius:max', 'node:gpu_power_watts:sum', 'node:gpu_utilization_ratio:avg'];
  const daysOfNodes = levels.flatMap((name) => {
    const [level, metric] = name.split(':');
    return [
      { ...recorded, name, series: nodes, spanMs: dayMs },
      { ...recorded, name: `${level}:${metric}:mean1d`, series: nodes },
      { ...recorded, name: `${level}:${metric}:deviation1d`, series: nodes, value: 2 },
    ];
  });
  const season = ['mean1d', 'deviation1d', 'mean1w', 'deviation1w'];
  return {
    recent: [
      { ...scraped, name: 'gpu_up', series: devices, spanMs: hourMs, value: 1 },
      ...['gpu_temperature_celsius', 'gpu_power_watts', 'gpu_sm_clock_hertz'].map((name) => ({
        ...scraped,
        name,
        series: devices,
      })),
      {
        ...scraped,
        name: 'gpu_recovery_action',
        series: devices.map((device) => ({ ...device, action: 'gpu_reset' })),
        value: 0,
      },
      ...medians,
      ...daysOfNodes,
      ...[
        'model:inference_requests:rate5m',
        'model:inference_tokens_generated:rate5m',
        'model:inference_active_connections:sum',
      ].map((name) => ({ ...recorded, name, series: ofModels, spanMs: 3 * hourMs })),
      ...['median2h', 'spread2h'].map((operation) => ({
        ...recorded,
        name: `model:inference_tokens_generated:${operation}`,
        series: ofModels,
      })),
      ...season.map((operation) => ({ ...recorded, name: `model:inference_requests:${operation}`, series: ofModels })),
      ...[...season, 'median7d', 'spread7d'].map((operation) => ({
        ...recorded,
        name: `cluster_tenant_currency:billing_cost:${operation}`,
        series: ofTenants,
      })),
      ...['sum', 'count'].map((part) => ({
        ...scraped,
        name: `inference_inter_token_latency_seconds_${part}`,
        series: ofReplicas,
        growth: 10,
      })),
      ...['training_tokens_per_second', 'training_mfu_ratio'].flatMap((name) => [
        { ...scraped, name, series: ofRuns, spanMs: 3 * hourMs },
        ...['avg5m', 'median2h', 'spread2h'].map((operation) => ({
          ...recorded,
          name: `run:${name}:${operation}`,
          series: ofRuns,
        })),
      ]),
    ],
    past: [
      ...[dayMs, 7 * dayMs].map((ago) => ({
        ...recorded,
        name: 'model:inference_requests:rate5m',
        series: ofModels,
        spanMs: hourMs,
        endMs: ago - 30 * minuteMs,
      })),
      {
        name: 'cluster_tenant_currency:billing_cost:increase6h',
        series: ofTenants,
        stepMs: 2 * minuteMs,
        spanMs: 7.1 * dayMs,
        value: 100,
      },
      ...['slo:members:count', 'slo:good_members:sum'].map((name) => ({
        ...recorded,
        name,
        series: ofSlo,
        spanMs: 3 * dayMs,
        value: gpus,
      })),
      ...['slo:events:increase5m', 'slo:bad_events:increase5m'].map((name) => ({
        ...recorded,
        name,
        series: ofSlo,
        spanMs: 30 * dayMs,
        value: gpus,
      })),
    ],
  };
}

/** Writes the inputs, which end now, as blocks of a TSDB. Resolves with the number of samples. */
export async function writeInputs(
  inputs: readonly Input[],
  dataDir: string,
  promtool: string,
  nowMs: number,
): Promise<number> {
  mkdirSync(dataDir, { recursive: true });
  const scratch = mkdtempSync(join(dataDir, 'import-'));
  const path = join(scratch, 'inputs.txt');
  const file = openMetricsFile(path);
  for (const input of inputs) writeInput(input, nowMs, file.add);
  file.close();
  await createBlocks({ promtool }, path, dataDir);
  rmSync(scratch, { recursive: true });
  return file.samples();
}

function writeInput(
  { name, series, stepMs, spanMs, value, growth = 0, endMs = 0 }: Input,
  nowMs: number,
  add: ReturnType<typeof openMetricsFile>['add'],
): void {
  const samples = Math.floor(spanMs / stepMs);
  for (const [index, labels] of series.entries()) {
    const head = headsOf({}, [''])(name, labels);
    for (let at = 0; at < samples; at++) {
      // Neighbours differ, and so do moments: equal values would be compressed to nothing.
      const noise = growth === 0 ? value * 0.05 * Math.sin(at * 0.7 + index) : growth * at;
      add({ head, replica: 0, value: value + noise, atMs: nowMs - endMs - (samples - at) * stepMs });
    }
  }
}
