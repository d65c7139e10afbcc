/** Entry point of the threads of a training: learning would otherwise hold up everything else in the process. */
import { parentPort, workerData } from 'node:worker_threads';
import { learn } from '../learning/train.ts';
import { help, leadCrew } from './column-crew.ts';
import type { ThreadTask, TrainingNews } from './training-protocol.ts';

function tell(news: TrainingNews): void {
  parentPort?.postMessage(news);
}

function work(task: ThreadTask): void {
  if (task.role === 'help') help(task.workspace, task.control, task.thread);
  const { preparation, control } = task;
  const crew =
    control.threads === 1 || preparation.workspace === undefined ? undefined : leadCrew(preparation.workspace, control);
  tell({ kind: 'learned', body: learn(preparation, { crew, onTree: (trees) => tell({ kind: 'trees', trees }) }) });
}

work(workerData as ThreadTask);
