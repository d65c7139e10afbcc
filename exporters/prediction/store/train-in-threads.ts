import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { startWorker } from '../../../kit/start-worker.ts';
import type { LabelledMatrix } from '../learning/matrix.ts';
import type { ModelBody } from '../learning/model-body.ts';
import { type Preparation, prepareTraining, type TrainingInput } from '../learning/train.ts';
import { createControl } from './column-crew.ts';
import type { ThreadTask, TrainingNews } from './training-protocol.ts';

export interface TrainInThreadsOptions {
  /** At most so many; fewer where they would not pay. The model is the same whatever their number. */
  readonly threads?: number | undefined;
  /** Ends the training and all its threads; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told after each tree. Logistic regression has none. */
  readonly onTree?: ((trees: number, of: number) => void) | undefined;
}

/** Below so many cells a second thread takes longer to start than it saves. */
const minCellsForHelp = 1_000_000;

/**
 * Trains in threads of its own, so that this one goes on. The values are copied unless they are in shared memory already. Rejects with ConfigError for
 * settings out of bounds, with SourceError for rows that nothing can be learned from or a thread that ended.
 */
export async function trainInThreads(
  input: TrainingInput,
  { threads = 2, signal, onTree = () => undefined }: TrainInThreadsOptions = {},
): Promise<ModelBody> {
  signal?.throwIfAborted();
  const allocate = (bytes: number) => new SharedArrayBuffer(bytes);
  const preparation = prepareTraining({ ...input, matrix: inSharedMemory(input.matrix) }, allocate);
  const total = 'trees' in preparation.settings ? preparation.settings.trees : 0;
  const workers = tasksFor(preparation, threads).map((task) =>
    startWorker(join(import.meta.dirname, 'training-thread'), task),
  );
  try {
    return await resultOf(workers, signal, (trees) => onTree(trees, total));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The first leads. */
function tasksFor(preparation: Preparation, most: number): readonly ThreadTask[] {
  const { rows, columns } = preparation.matrix;
  const { workspace } = preparation;
  const threads = workspace === undefined || rows * columns < minCellsForHelp ? 1 : Math.min(most, columns);
  const control = createControl(threads);
  const lead: ThreadTask = { role: 'lead', preparation, control };
  if (workspace === undefined) return [lead];
  const helpers = Array.from({ length: threads - 1 }, (_, at) => at + 1);
  return [lead, ...helpers.map((thread): ThreadTask => ({ role: 'help', workspace, control, thread }))];
}

function resultOf(
  workers: readonly Worker[],
  signal: AbortSignal | undefined,
  onTree: (trees: number) => void,
): Promise<ModelBody> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const settle = (finish: () => void): void => {
      signal?.removeEventListener('abort', abort);
      finish();
    };
    const [lead] = workers;
    lead?.on('message', (news: TrainingNews) => {
      if (news.kind === 'trees') onTree(news.trees);
      else settle(() => resolve(news.body));
    });
    for (const worker of workers) {
      worker.on('error', (error) => settle(() => reject(failure(reasonOf(error)))));
      worker.on('exit', () => settle(() => reject(failure('a thread ended unexpectedly'))));
    }
  });
}

function failure(reason: string): SourceError {
  return new SourceError(`the training failed: ${reason}; the model in use stays in place`);
}

function inSharedMemory({ rows, columns, values, labels }: LabelledMatrix): LabelledMatrix {
  if (values.buffer instanceof SharedArrayBuffer && labels.buffer instanceof SharedArrayBuffer)
    return { rows, columns, values, labels };
  const sharedValues = new Float32Array(new SharedArrayBuffer(values.byteLength));
  sharedValues.set(values);
  const sharedLabels = new Uint8Array(new SharedArrayBuffer(labels.byteLength));
  sharedLabels.set(labels);
  return { rows, columns, values: sharedValues, labels: sharedLabels };
}
