/** Entry point of the thread that makes models: comparing and counting would otherwise hold up everything else in the process. */
import { parentPort, workerData } from 'node:worker_threads';
import { mayReplaceSet } from '../pipeline/may-replace-set.ts';
import { type TrainModelsDeps, trainModels } from '../pipeline/train-models.ts';
import { trainInThreads } from './train-in-threads.ts';
import type { WorkerNews, WorkerTask } from './train-in-worker.ts';

function tell(news: WorkerNews): void {
  parentPort?.postMessage(news);
}

async function work({ input, running, threads }: WorkerTask): Promise<void> {
  const deps: TrainModelsDeps = {
    train: (each, signal) => trainInThreads(each, { threads, signal }),
    onProgress: (progress) => tell({ kind: 'progress', progress }),
  };
  const set = await trainModels(input, deps);
  const replacement =
    running === undefined
      ? { mayReplace: true, reasons: [] }
      : await mayReplaceSet(running, set, input, { train: deps.train });
  tell({ kind: 'done', trained: { set, replacement } });
}

await work(workerData as WorkerTask);
