/** Entry point of the thread that makes models: comparing and counting would otherwise hold up everything else in the process. */
import { parentPort, workerData } from 'node:worker_threads';
import { trainModels } from '../pipeline/train-models.ts';
import { trainInThreads } from './train-in-threads.ts';
import type { WorkerNews, WorkerTask } from './train-in-worker.ts';

function tell(news: WorkerNews): void {
  parentPort?.postMessage(news);
}

const { input, threads } = workerData as WorkerTask;
const set = await trainModels(input, {
  train: (each, signal) => trainInThreads(each, { threads, signal }),
  onProgress: (progress) => tell({ kind: 'progress', progress }),
});
tell({ kind: 'done', set });
