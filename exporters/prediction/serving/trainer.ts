import type { Clock } from '../../../kit/clock.ts';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { TrainingProgress } from '../pipeline/train-models.ts';
import type { TrainingSettings } from '../prediction-file/training-settings.ts';
import type { Trained } from '../store/train-in-worker.ts';
import type { TrainingView } from '../view.ts';

/** Makes models when it is time. */
export interface Trainer {
  /** Trains if it is due. Rejects only when the signal is aborted. */
  readonly step: (signal: AbortSignal) => Promise<void>;
  readonly view: () => TrainingView;
}

export interface TrainerDeps {
  readonly settings: TrainingSettings;
  /** When the models in use were made; undefined for the prior. */
  readonly madeAtMs: () => number | undefined;
  /** Whether there is a history to learn from. */
  readonly isReady: () => boolean;
  readonly train: (signal: AbortSignal, onProgress: (progress: TrainingProgress) => void) => Promise<Trained>;
  readonly onTrained: (trained: Trained) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** After a failure it is not waited for a whole week. */
const retryMs = 3_600_000;

export function createTrainer(deps: TrainerDeps): Trainer {
  const { settings, madeAtMs, isReady, train, onTrained, clock, log } = deps;
  const nowMs = (): number => clock.now() * 1000;
  let nextMs: number | undefined = settings.isOn
    ? (madeAtMs() ?? nowMs() - settings.everyMs) + settings.everyMs
    : undefined;
  let [isActive, succeeded, failed] = [false, 0, 0];
  let progress: number | undefined;
  let lastMs: number | undefined;
  let lastSeconds: number | undefined;
  let problem: string | undefined;

  async function attempt(signal: AbortSignal): Promise<void> {
    const begun = clock.monotonic();
    try {
      const trained = await train(signal, ({ done, total }) => {
        progress = total === 0 ? undefined : done / total;
      });
      await onTrained(trained);
      succeeded += 1;
      problem = undefined;
      nextMs = nowMs() + settings.everyMs;
    } catch (error) {
      signal.throwIfAborted();
      failed += 1;
      problem = reasonOf(error);
      nextMs = nowMs() + Math.min(retryMs, settings.everyMs);
      log.warn('the training failed; the models in use stay in place', { reason: problem });
    }
    lastMs = nowMs();
    lastSeconds = clock.monotonic() - begun;
  }

  return {
    step: async (signal) => {
      // Models of the future are those of a clock that was ahead.
      if (nextMs !== undefined) nextMs = Math.min(nextMs, nowMs() + settings.everyMs);
      if (nextMs === undefined || nowMs() < nextMs || !isReady()) return;
      isActive = true;
      progress = 0;
      try {
        await attempt(signal);
      } finally {
        isActive = false;
        progress = undefined;
      }
    },
    view: () => ({ isActive, progress, succeeded, failed, lastMs, lastSeconds, nextMs, problem }),
  };
}
