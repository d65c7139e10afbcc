import { join } from 'node:path';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { startWorker } from '../../../kit/start-worker.ts';
import type { ModelSet } from '../pipeline/model-set.ts';
import type { TrainingProgress, TrainModelsInput } from '../pipeline/train-models.ts';

export interface WorkerTask {
  readonly input: TrainModelsInput;
  readonly threads: number;
}

export type WorkerNews =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'done'; readonly set: ModelSet };

export interface WorkerOptions {
  readonly threads: number;
  /** Ends the training with all its threads; the promise rejects with its reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
}

/** `trainModels` in a thread of its own. Rejects with SourceError that says what was wrong; the models in use stay in place. */
export async function trainInWorker(
  input: TrainModelsInput,
  { threads, signal, onProgress }: WorkerOptions,
): Promise<ModelSet> {
  signal.throwIfAborted();
  const task: WorkerTask = { input, threads };
  const worker = startWorker(join(import.meta.dirname, 'training-worker'), task);
  try {
    return await new Promise<ModelSet>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('message', (news: WorkerNews) => {
        if (news.kind === 'done') resolve(news.set);
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
