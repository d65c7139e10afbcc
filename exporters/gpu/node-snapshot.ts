import type { Clock } from '../../kit/clock.ts';
import { createCollectorRunner } from '../../kit/collector.ts';
import { reasonOf } from '../../kit/errors.ts';
import { createSampleWriter, type Family } from '../../kit/exposition/samples.ts';
import type { Log } from '../../kit/log.ts';
import { timer } from '../../kit/timer.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import type { AttributionState } from './attribution/attribution.ts';
import { gpuCollectors } from './collectors/index.ts';
import { createLinkSums } from './link-sums.ts';
import type { NodeView } from './node-view.ts';
import type { NodeReading } from './reading.ts';
import type { GpuSource, NodeState } from './sources/source.ts';

/** The samples of one node, made when its source has something new, so that a scrape has nothing to wait for. */
export interface NodeSnapshot {
  /** The last samples, with their age now. */
  readonly families: () => readonly Family[];
  /** Why there is nothing to show, or less than there must be, in words; undefined if all is well. */
  readonly notReady: () => string | undefined;
  readonly stop: () => Promise<void>;
}

export interface SnapshotSettings {
  /** Number of GPUs that the node must have. */
  readonly expected?: number | undefined;
  /** Whether a metric of that name is shown; all are if nothing is said. */
  readonly isShown?: (name: string) => boolean;
  /** True to add NVLink links up. */
  readonly sumsLinks?: boolean;
}

/** Who has the GPUs, where something tells. */
export interface Attribution {
  readonly start: (onChange: () => void) => void;
  /** Hands it what was read, also that nothing can be read. */
  readonly observe: (reading: NodeReading | undefined) => void;
  readonly state: () => AttributionState;
  readonly stop: () => Promise<void>;
}

/** Other names for what the node shows. */
export interface OtherNames {
  readonly families: (view: NodeView) => readonly Family[];
}

interface SnapshotDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly attribution?: Attribution | undefined;
  readonly otherNames?: OtherNames | undefined;
}

/**
 * What attribution has to say waits so long for a reading to be shown with, because each time all samples are made anew. A little more than
 * the usual interval of readings.
 */
const attributionWaitsSeconds = 6;

/** Collectors over a reading in memory take milliseconds; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 5;

export function startNodeSnapshot(
  source: GpuSource,
  { expected, isShown = () => true, sumsLinks = false }: SnapshotSettings,
  { clock, log, attribution, otherNames }: SnapshotDeps,
): NodeSnapshot {
  const runner = createCollectorRunner(gpu, gpuCollectors, { clock, log, deadlineSeconds: collectorDeadlineSeconds });
  const linkSums = createLinkSums();
  const untilShown = timer();
  let samples: readonly Family[] = [];
  let takenAtSeconds: number | undefined;
  let generation = 0;

  async function refresh(): Promise<void> {
    untilShown.clear();
    const mine = ++generation;
    const state = source.state();
    const reading = sumsLinks && state.reading !== undefined ? linkSums(state.reading) : state.reading;
    const view = { ...state, reading, expected, attribution: attribution?.state() };
    const native = await runner.run(view);
    // A newer state may have overtaken this one while its collectors ran.
    if (mine !== generation) return;
    samples = [...native, ...(otherNames?.families(view) ?? [])].filter(({ name }) => isShown(name));
    takenAtSeconds = state.reading?.takenAtSeconds ?? takenAtSeconds;
  }

  function changed(): void {
    attribution?.observe(source.state().reading);
    show();
  }

  /** What goes wrong in one refresh is told, and the samples of the one before stay with their age. */
  function show(): void {
    refresh().catch((error) => log.error('the samples cannot be made', { reason: reasonOf(error) }));
  }

  attribution?.start(() => untilShown.setUnlessSet(attributionWaitsSeconds, show));
  source.start(changed);
  return {
    families: () => [...samples, ...ageFamilies(takenAtSeconds, clock.now())],
    notReady: () => reasonNotReady(source.state(), expected),
    stop: async () => {
      untilShown.clear();
      await Promise.all([source.stop(), attribution?.stop()]);
    },
  };
}

function reasonNotReady({ driver, reading, releasedUntilSeconds }: NodeState, expected = 0): string | undefined {
  if (releasedUntilSeconds !== undefined) {
    return `the driver is let go of until ${new Date(releasedUntilSeconds * 1000).toISOString()}`;
  }
  if (reading === undefined) {
    return driver === 'ok' || driver === 'starting' ? 'the first reading is under way' : `the driver is ${driver}`;
  }
  const answering = reading.gpus.filter(({ failure }) => failure === undefined).length;
  return answering < expected ? `${answering} GPUs answer, --gpu.expected is ${expected}` : undefined;
}

function ageFamilies(takenAtSeconds: number | undefined, now: number): readonly Family[] {
  const { emit, families } = createSampleWriter(fleetlens);
  if (takenAtSeconds === undefined) return [];
  emit('fleetlens_last_collect_timestamp_seconds', {}, takenAtSeconds);
  emit('fleetlens_snapshot_age_seconds', {}, Math.max(0, now - takenAtSeconds));
  return families();
}
