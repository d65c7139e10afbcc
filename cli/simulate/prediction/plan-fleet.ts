import { type Chances, chancesOf } from '../billing/chances.ts';
import { simulatedCluster } from '../cluster.ts';
import {
  type FailureCause,
  type FalseAlarm,
  type FleetPlan,
  type FleetSettings,
  hasShown,
  type PlannedFailure,
  type PlannedGpu,
  shownCauses,
} from './fleet-plan.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const daysPerYear = 365;

/** XIDs by which a failure shows itself; all of them need a reset, a reboot or a person. */
const xidOf: Readonly<Record<FailureCause, number>> = {
  memory: 64,
  thermal: 79,
  pcie: 79,
  nvlink: 95,
  repeat: 119,
  sudden: 79,
};

/** Of the time from the first sign to the failure. */
const remapParts = [0.5, 0.8, 0.95];

/** Who fails when and of what. */
export function planFleet(settings: FleetSettings): FleetPlan {
  const { gpus, gpusPerNode, fromMs, days } = settings;
  const cluster = simulatedCluster(Math.ceil(gpus / gpusPerNode));
  const untilMs = fromMs + days * dayMs;
  const planned = Array.from({ length: gpus }, (_, index): PlannedGpu => {
    const { name: node = '', rack = '' } = cluster.nodes[Math.floor(index / gpusPerNode)] ?? {};
    const entity = { kind: 'gpu', cluster: cluster.name, node, uuid: uuidOf(settings.seed, index) } as const;
    const failures = failuresOf(settings, index, untilMs).map((failure) => ({ ...failure, entity }));
    return { index, entity, rack, failures, falseAlarms: falseAlarmsOf(settings, index, failures) };
  });
  return { settings, untilMs, gpus: planned };
}

function uuidOf(seed: number, index: number): string {
  return `GPU-5eed${String(seed).padStart(4, '0')}-${String(index).padStart(6, '0')}`;
}

type Unowned = Omit<PlannedFailure, 'entity'>;

function failuresOf(settings: FleetSettings, index: number, untilMs: number): readonly Unowned[] {
  const chances = chancesOf(settings.seed, index, 1);
  const meanMs = (daysPerYear * dayMs) / settings.failuresPerYear;
  const failures: Unowned[] = [];
  let freeMs = settings.fromMs;
  let isRepeat = false;
  for (;;) {
    const atMs = freeMs + chances.after(isRepeat ? 6 * dayMs : meanMs);
    if (atMs >= untilMs) return failures;
    const cause = isRepeat ? 'repeat' : causeOf(settings, chances);
    const failure = failureAt(cause, { atMs, freeMs, chances });
    failures.push(failure);
    freeMs = failure.backMs;
    isRepeat = chances.isTrue(settings.repeatShare);
  }
}

function causeOf({ shownShare }: FleetSettings, chances: Chances): FailureCause {
  return chances.isTrue(shownShare) ? chances.pick(shownCauses) : 'sudden';
}

interface Place {
  readonly atMs: number;
  /** Back in service since the failure before. */
  readonly freeMs: number;
  readonly chances: Chances;
}

function failureAt(cause: FailureCause, { atMs, freeMs, chances }: Place): Unowned {
  const signMs = chances.between(9, 20) * dayMs;
  const signFromMs = hasShown(cause) ? Math.max(freeMs, atMs - signMs) : atMs;
  return {
    cause,
    signFromMs,
    atMs,
    remapsAtMs: cause === 'memory' ? remapParts.map((part) => signFromMs + part * (atMs - signFromMs)) : [],
    backMs: atMs + chances.between(0.5, 3) * dayMs,
    xid: xidOf[cause],
  };
}

/** One in three GPUs of a year has some errors or heat for days, after which nothing comes. */
function falseAlarmsOf(
  { seed, fromMs, days }: FleetSettings,
  index: number,
  failures: readonly Unowned[],
): readonly FalseAlarm[] {
  const chances = chancesOf(seed, index, 2);
  const startMs = fromMs + chances.after(3 * daysPerYear * dayMs);
  const alarm = { cause: chances.pick(shownCauses), fromMs: startMs, untilMs: startMs + chances.between(3, 9) * dayMs };
  const isFree = failures.every(({ atMs, backMs }) => backMs < alarm.fromMs || atMs > alarm.untilMs + 30 * dayMs);
  return isFree && alarm.untilMs < fromMs + days * dayMs ? [alarm] : [];
}
