import type {
  EntitySamples,
  FactSamples,
  FleetSamples,
  SignalSamples,
} from '../../../exporters/prediction/features/fleet-samples.ts';
import type { StateChange } from '../../../exporters/prediction/labels/state-signs.ts';
import type { XidEvent } from '../../../exporters/prediction/labels/xid-signs.ts';
import { type FailureHistory, failureHistoryOf } from '../../../exporters/prediction/pipeline/failure-history.ts';
import type { FleetPlan, PlannedFailure, PlannedGpu } from './fleet-plan.ts';
import { gpuReadings, type SimulatedSignal, simulatedSignals } from './gpu-readings.ts';

/** Of scrapes, beside those of the GPU. */
const scrapeSignals = ['scrapes', 'scrape_seconds'] as const;

/** Signals that the samples have. */
export const historySignals: readonly string[] = [...simulatedSignals, ...scrapeSignals];

/** Every planted failure, in the order of time. */
export function plantedFailures({ gpus }: FleetPlan): readonly PlannedFailure[] {
  return gpus.flatMap(({ failures }) => failures).toSorted((a, b) => a.atMs - b.atMs);
}

/** Of failures, and of the rows that were remapped before. */
export function xidEvents(plan: FleetPlan): readonly XidEvent[] {
  return plantedFailures(plan)
    .flatMap(({ entity, atMs, xid, remapsAtMs }): readonly XidEvent[] => [
      ...remapsAtMs.map((each) => ({ entity, atMs: each, code: 63 })),
      { entity, atMs, code: xid },
    ])
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** What of the planted failures can be known: their XIDs, and what the inventory says while the GPU is away. */
export function failureHistory(plan: FleetPlan, nowMs = plan.untilMs): FailureHistory {
  const failures = plantedFailures(plan).filter(({ atMs }) => atMs <= nowMs);
  const xids = xidEvents(plan).filter(({ atMs }) => atMs <= nowMs);
  const states = failures.flatMap(({ entity, atMs, backMs }): readonly StateChange[] => [
    { entity, atMs: atMs - 1, state: 'in_service' },
    { entity, atMs, state: 'failed' },
    ...(backMs <= nowMs ? [{ entity, atMs: backMs, state: 'in_service' }] : []),
  ]);
  return failureHistoryOf({ xids, states }, nowMs);
}

/** Samples of every GPU, as if they had been read from Prometheus. */
export function fleetSamples(
  plan: FleetPlan,
  stepMs: number,
  { events }: Pick<FailureHistory, 'events'>,
): FleetSamples {
  return {
    entities: plan.gpus.map((gpu) => samplesOf(plan, gpu, stepMs)),
    events,
    eventsFromMs: plan.settings.fromMs,
  };
}

function samplesOf(plan: FleetPlan, gpu: PlannedGpu, stepMs: number): EntitySamples {
  const all = [...gpuReadings(plan, gpu, stepMs)];
  const shown = all.flatMap(({ atMs, readings }) => (readings === undefined ? [] : [{ atMs, readings }]));
  const times = Float64Array.from(shown, ({ atMs }) => atMs);
  const own = simulatedSignals.map((signal: SimulatedSignal) => {
    const values = Float64Array.from(shown, ({ readings }) => readings[signal]);
    return [signal, [{ timesMs: times, values }]] as const;
  });
  const scraped = Float64Array.from(all, ({ atMs }) => atMs);
  const of = (value: number): readonly SignalSamples[] => [
    { timesMs: scraped, values: new Float64Array(scraped.length).fill(value) },
  ];
  return {
    entity: gpu.entity,
    signals: new Map<string, readonly SignalSamples[]>([...own, ['scrapes', of(1)], ['scrape_seconds', of(0.2)]]),
    facts: new Map([
      ['model', fact(plan, 'NVIDIA H100 80GB HBM3')],
      ['workload', fact(plan, `job-of-${gpu.entity.node}`)],
      ['rack', fact(plan, gpu.rack)],
      ['slot', fact(plan, String(gpu.index % plan.settings.gpusPerNode))],
    ]),
  };
}

function fact({ settings, untilMs }: FleetPlan, value: string): FactSamples {
  return { timesMs: [settings.fromMs], values: [value], validMs: untilMs - settings.fromMs };
}
