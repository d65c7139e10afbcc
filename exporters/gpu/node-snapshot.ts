import type { Clock } from '../../kit/clock.ts';
import { createCollectorRunner } from '../../kit/collector.ts';
import { createSampleWriter, type Family } from '../../kit/exposition/samples.ts';
import type { Log } from '../../kit/log.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { gpuCollectors } from './collectors/index.ts';
import type { GpuSource } from './sources/source.ts';

/** The samples of one node, made when its source has something new, so that a scrape has nothing to wait for. */
export interface NodeSnapshot {
  /** The last samples, with their age now. */
  readonly families: () => readonly Family[];
  /** Why there is nothing to show, in words; undefined if there is. */
  readonly notReady: () => string | undefined;
  readonly stop: () => Promise<void>;
}

interface SnapshotDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Collectors over a reading in memory take milliseconds; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 5;

export function startNodeSnapshot(source: GpuSource, { clock, log }: SnapshotDeps): NodeSnapshot {
  const runner = createCollectorRunner(gpu, gpuCollectors, { clock, log, deadlineSeconds: collectorDeadlineSeconds });
  let samples: readonly Family[] = [];
  let takenAtSeconds: number | undefined;
  let generation = 0;

  async function refresh(): Promise<void> {
    const mine = ++generation;
    const state = source.state();
    const next = await runner.run(state);
    // A newer state may have overtaken this one while its collectors ran.
    if (mine !== generation) return;
    samples = next;
    takenAtSeconds = state.reading?.takenAtSeconds ?? takenAtSeconds;
  }

  // The runner never rejects, so nothing is lost by not waiting.
  source.start(() => void refresh());
  return {
    families: () => [...samples, ...ageFamilies(takenAtSeconds, clock.now())],
    notReady: () => {
      const { driver, reading } = source.state();
      if (reading !== undefined) return undefined;
      return driver === 'ok' || driver === 'starting' ? 'the first reading is under way' : `the driver is ${driver}`;
    },
    stop: source.stop,
  };
}

function ageFamilies(takenAtSeconds: number | undefined, now: number): readonly Family[] {
  const { emit, families } = createSampleWriter(fleetlens);
  if (takenAtSeconds === undefined) return [];
  emit('fleetlens_last_collect_timestamp_seconds', {}, takenAtSeconds);
  emit('fleetlens_snapshot_age_seconds', {}, Math.max(0, now - takenAtSeconds));
  return families();
}
