import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import { chancesOf } from '../billing/chances.ts';
import type { FleetPlan, PlannedGpu, ShownCause } from './fleet-plan.ts';
import { hasShown } from './fleet-plan.ts';

const hourMs = 3_600_000;

/** Names are those of the signals of the feature spec. */
export const simulatedSignals = [
  'present',
  'answers',
  'temperature',
  'memory_temperature',
  'power',
  'utilization',
  'sm_clock',
  'ecc_correctable',
  'ecc_uncorrectable',
  'remapped_correctable',
  'remapped_uncorrectable',
  'pcie_replays',
  'nvlink_errors',
  'thermal_throttle',
] as const;
export type SimulatedSignal = (typeof simulatedSignals)[number];

export type Readings = Readonly<Record<SimulatedSignal, number>>;

/** Growth per hour of a counter of a healthy GPU, and at the end of what comes before a failure. */
const growths = {
  ecc_correctable: [0.02, 15],
  pcie_replays: [0.05, 12],
  nvlink_errors: [0.01, 8],
} as const;
const growthOf: Readonly<Record<keyof typeof growths, ShownCause>> = {
  ecc_correctable: 'memory',
  pcie_replays: 'pcie',
  nvlink_errors: 'nvlink',
};
/** Degrees that a GPU ends above its neighbours. */
const mostDrift = 14;
const counters = Object.keys(growths) as readonly (keyof typeof growths)[];

/**
 * What a GPU shows at each step from the begin of the fleet; undefined while it is out of service. Counters begin at 0 again when it is back, and grow
 * as a clock of chance says: rare things come one by one.
 */
export function* gpuReadings(
  plan: FleetPlan,
  gpu: PlannedGpu,
  stepMs: number,
): Generator<{ readonly atMs: number; readonly readings: Readings | undefined }> {
  const { fromMs, seed } = plan.settings;
  const chances = chancesOf(seed, gpu.index, 3);
  const offset = chances.between(-3, 3);
  const total = { ecc_correctable: 0, pcie_replays: 0, nvlink_errors: 0, throttle: 0 };
  for (let atMs = fromMs; atMs <= plan.untilMs; atMs += stepMs) {
    if (gpu.failures.some((each) => atMs >= each.atMs && atMs < each.backMs)) {
      Object.assign(total, { ecc_correctable: 0, pcie_replays: 0, nvlink_errors: 0, throttle: 0 });
      yield { atMs, readings: undefined };
      continue;
    }
    const strength = strengthAt(gpu, atMs);
    const hours = stepMs / hourMs;
    for (const counter of counters) {
      const [least, most] = growths[counter];
      total[counter] += drawn(hours * (least + most * strength[growthOf[counter]] ** 2), chances.next);
    }
    total.throttle += hours * 3600 * 0.2 * Math.max(0, strength.thermal - 0.5);
    yield { atMs, readings: readingsOf({ plan, gpu, atMs, offset, strength, total, next: chances.next }) };
  }
}

interface Moment {
  readonly plan: FleetPlan;
  readonly gpu: PlannedGpu;
  readonly atMs: number;
  readonly offset: number;
  readonly strength: Readonly<Record<ShownCause, number>>;
  readonly total: Readonly<Record<'ecc_correctable' | 'pcie_replays' | 'nvlink_errors' | 'throttle', number>>;
  readonly next: () => number;
}

function readingsOf({ plan, gpu, atMs, offset, strength, total, next }: Moment): Readings {
  const utilization = loadAt(plan, gpu, atMs) * (0.95 + 0.05 * next());
  const power = 90 + 560 * utilization + 10 * next();
  const day = Math.sin((2 * Math.PI * atMs) / (24 * hourMs));
  const temperature = 27 + day + offset + 0.055 * power + mostDrift * strength.thermal + next();
  return {
    present: 1,
    answers: 1,
    temperature,
    memory_temperature: temperature + 6 + next(),
    power,
    utilization,
    sm_clock: 1.98e9 - (strength.thermal > 0.5 ? 2e8 * (strength.thermal - 0.5) : 0),
    ecc_correctable: total.ecc_correctable,
    ecc_uncorrectable: 0,
    remapped_correctable: 0,
    remapped_uncorrectable: remapsUntil(gpu, atMs),
    pcie_replays: total.pcie_replays,
    nvlink_errors: total.nvlink_errors,
    thermal_throttle: total.throttle,
  };
}

/** 0 to 1 by cause: how far what comes before a failure has come. */
export function strengthAt({ failures, falseAlarms }: PlannedGpu, atMs: number): Readonly<Record<ShownCause, number>> {
  const strength: Record<ShownCause, number> = { memory: 0, thermal: 0, pcie: 0, nvlink: 0 };
  for (const { cause, signFromMs, atMs: endMs } of failures)
    if (hasShown(cause) && atMs >= signFromMs && atMs < endMs)
      strength[cause] = (atMs - signFromMs) / (endMs - signFromMs);
  for (const { cause, fromMs, untilMs } of falseAlarms)
    if (atMs >= fromMs && atMs < untilMs) strength[cause] = Math.max(strength[cause], 0.4);
  return strength;
}

/** Of the whole life: a repair changes nothing about them. */
function remapsUntil({ failures }: PlannedGpu, atMs: number): number {
  return failures.flatMap(({ remapsAtMs }) => remapsAtMs).filter((each) => each <= atMs).length;
}

/** One job of a node at a time, changed every eight hours. */
function loadAt({ settings }: FleetPlan, { index }: PlannedGpu, atMs: number): number {
  const node = Math.floor(index / settings.gpusPerNode);
  return 0.3 + 0.7 * noise(settings.seed, node, Math.floor(atMs / (8 * hourMs)), 40_001);
}

/** A whole number around a mean: of small means by chance, of large ones nearly the mean. */
function drawn(mean: number, next: () => number): number {
  return Math.floor(mean * (0.8 + 0.4 * next()) + next());
}
