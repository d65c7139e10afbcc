import { join } from 'node:path';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { startWorker } from '../../../kit/start-worker.ts';
import type { Replacement } from '../evaluation/promotion/replacement.ts';
import type { ModelSet } from '../pipeline/model-set.ts';
import type { TrainingProgress, TrainModelsInput } from '../pipeline/train-models.ts';

/** A set, and whether it may take the place of the one in use. */
export interface Trained {
  readonly set: ModelSet;
  readonly replacement: Replacement;
}

export interface WorkerTask {
  readonly input: TrainModelsInput;
  /** The set in use, to be compared with. */
  readonly running: ModelSet | undefined;
  readonly threads: number;
}

export type WorkerNews =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'done'; readonly trained: Trained };

export interface WorkerOptions {
  readonly running: ModelSet | undefined;
  readonly threads: number;
  /** Ends the training with all its threads; the promise rejects with its reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
}

/** `trainModels` and `mayReplaceSet` in a thread of its own. Rejects with SourceError that says what was wrong; the models in use stay in place. */
export async function trainInWorker(
  input: TrainModelsInput,
  { running, threads, signal, onProgress }: WorkerOptions,
): Promise<Trained> {
  signal.throwIfAborted();
  const task: WorkerTask = { input, running, threads };
  const worker = startWorker(join(import.meta.dirname, 'training-worker'), task);
  try {
    return await new Promise<Trained>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('message', (news: WorkerNews) => {
        if (news.kind === 'done') resolve(news.trained);
        else onProgress(news.progress);
      });
      worker.on('error', (error) => reject(failure(reasonOf(error))));
      worker.on('exit', () => reject(failure('its thread ended unexpectedly')));
    });
  } finally {
    await worker.terminate();
  }
}

function failure(reason: string): SourceError {
  return new SourceError(`the training failed: ${reason}; the models in use stay in place`);
}
