import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gpuSignals } from '../../../exporters/prediction/features/gpu-signals.ts';
import { cmdb } from '../../../metrics/cmdb.ts';
import { prometheus } from '../../../metrics/external.ts';
import { gpu as gpuMetrics } from '../../../metrics/gpu.ts';
import { createBlocks } from '../billing/history-blocks.ts';
import { openMetricsFile } from '../billing/open-metrics-file.ts';
import { headsOf, type MakeHead, type SeriesHead } from '../billing/series.ts';
import { xidEvents } from './fleet-history.ts';
import type { FleetPlan, PlannedGpu } from './fleet-plan.ts';
import { gpuReadings, type SimulatedSignal, simulatedSignals } from './gpu-readings.ts';

export interface BlockSettings {
  readonly promtool: string;
  /** Data folder of a Prometheus that does not run. */
  readonly dataFolder: string;
  readonly stepMs: number;
  readonly signal?: AbortSignal | undefined;
}

type Add = (head: SeriesHead, value: number, atMs: number) => void;

/**
 * What Prometheus would have scraped of the fleet, as blocks of its TSDB: the GPUs by the names of `fleetlens gpu`, and their states by those of the
 * inventory. Resolves with the number of samples; throws SourceError with what promtool said.
 */
export async function writeFleetBlocks(plan: FleetPlan, settings: BlockSettings): Promise<number> {
  const { promtool, dataFolder, stepMs, signal } = settings;
  mkdirSync(dataFolder, { recursive: true });
  const scratch = mkdtempSync(join(dataFolder, 'import-'));
  const path = join(scratch, 'fleet.txt');
  const file = openMetricsFile(path);
  const add: Add = (head, value, atMs) => file.add({ head, replica: 0, value, atMs });
  try {
    for (const gpu of plan.gpus) {
      signal?.throwIfAborted();
      writeGpu(plan, gpu, stepMs, add);
    }
    file.close();
    await createBlocks({ promtool, signal }, path, dataFolder);
    return file.samples();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function writeGpu(plan: FleetPlan, gpu: PlannedGpu, stepMs: number, add: Add): void {
  const { gpusPerNode } = plan.settings;
  const { node, cluster, uuid } = gpu.entity;
  const slot = gpu.index % gpusPerNode;
  const device = { gpu_id: String(slot), uuid };
  const target = headsOf({ cluster, node, rack: gpu.rack, job: 'fleetlens-gpu', instance: `${node}:9400` }, ['']);
  const heads = simulatedSignals
    .filter((name) => name !== 'present')
    .map((name) => ({ name, head: headOf(target, name, device) }));
  const model = { model: 'NVIDIA H100 80GB HBM3', driver: '570.86.15', vbios: '96.00.74.00.01' };
  const info = target(gpuMetrics.gpu_info.name, { ...device, ...model });
  const item = headsOf({ job: 'fleetlens-cmdb', instance: 'cmdb:9412' }, ['']);
  const xids = xidCounters(plan, gpu, target, device);
  const scrapes = slot === 0 ? scrapeHeads(target) : [];
  for (const { atMs, readings } of gpuReadings(plan, gpu, stepMs)) {
    for (const { head, value } of scrapes) add(head, value, atMs);
    add(itemHead(item, gpu, readings === undefined ? 'failed' : 'in_service'), 1, atMs);
    for (const { head, times } of xids) add(head, times.filter((each) => each <= atMs).length, atMs);
    if (readings === undefined) continue;
    add(info, 1, atMs);
    for (const { name, head } of heads) add(head, readings[name], atMs);
  }
}

/** As the feature spec reads it first. */
function headOf(make: MakeHead, name: SimulatedSignal, device: Readonly<Record<string, string>>): SeriesHead {
  const [source] = gpuSignals.find((signal) => signal.name === name)?.from ?? [];
  if (source === undefined) throw new Error(`the feature spec has no signal ${name}`);
  const chosen = Object.entries(source.where ?? {}).map(([label, [value = '']]) => [label, value]);
  return make(source.metric, { ...device, ...Object.fromEntries(chosen) });
}

function scrapeHeads(make: MakeHead): readonly { readonly head: SeriesHead; readonly value: number }[] {
  return [
    { head: make(prometheus.up.name, {}), value: 1 },
    { head: make(prometheus.scrape_duration_seconds.name, {}), value: 0.2 },
  ];
}

function itemHead(make: MakeHead, { entity, index, rack }: PlannedGpu, state: string): SeriesHead {
  const { cluster, node, uuid } = entity;
  const name = `${node}-gpu-${index}`;
  return make(cmdb.cmdb_ci_info.name, { ci: String(index + 1), class: 'gpu', cluster, node, rack, uuid, name, state });
}

/** One counter for each code that the GPU ever shows. */
function xidCounters(
  plan: FleetPlan,
  { entity }: PlannedGpu,
  make: MakeHead,
  device: Readonly<Record<string, string>>,
): readonly { readonly head: SeriesHead; readonly times: readonly number[] }[] {
  const own = xidEvents(plan).filter((event) => event.entity.uuid === entity.uuid);
  return [...new Set(own.map(({ code }) => code))].map((code) => ({
    head: make(gpuMetrics.gpu_xid_errors_total.name, { ...device, xid: String(code) }),
    times: own.filter((event) => event.code === code).map(({ atMs }) => atMs),
  }));
}
