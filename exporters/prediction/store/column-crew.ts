import {
  type ColumnTask,
  type Crew,
  readTask,
  soloCrew,
  workOnColumns,
  writeTask,
} from '../learning/trees/column-task.ts';
import type { Workspace } from '../learning/trees/workspace.ts';

/** Columns that are taken and done together: two at once take little longer than one. */
const columnsOfBatch = 2;

/** Words by which threads agree: how many tasks there have been, batches that are done, columns of the task; then for each thread its batches not yet taken. */
const word = { task: 0, done: 16, columns: 32, open: 48 } as const;

/** Each word that threads write has a cache line of its own. */
const stride = 16;

/** Waking a thread costs as much as so many cells. */
const minCells = 50_000;

/** Looking for the best split of a column costs as much as so many cells. */
const cellsOfScan = 700;

/** How often a thread looks whether others are done before it lays itself to sleep, some 0.2 ms: between two tasks the lead is alone for about as long. */
const looks = 40_000;

/** What the threads of one training share beside the workspace. */
export interface Control {
  readonly threads: number;
  readonly words: Int32Array;
}

export function createControl(threads: number): Control {
  const words = word.open + threads * stride;
  return { threads, words: new Int32Array(new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT)) };
}

/**
 * The thread that says what is to be done, and does its share; it is thread 0. Every thread has its own columns, whose histograms stay in its cache, and
 * takes those of others when it is done: so one that is held up does not hold up the rest. Which thread does a column changes nothing in what comes out.
 * Small tasks are done alone.
 */
export function leadCrew(workspace: Workspace, control: Control): Crew {
  const solo = soloCrew(workspace);
  const { threads, words } = control;
  return {
    run: (columns, task) => {
      if (cellsOf(workspace, columns, task) < minCells) return solo.run(columns, task);
      writeTask(task, workspace.task);
      Atomics.store(words, word.columns, columns);
      Atomics.store(words, word.done, 0);
      const batches = batchesOf(columns);
      for (let thread = 0; thread < threads; thread++)
        Atomics.store(words, openOf(thread), firstOf(thread + 1, batches, threads) - firstOf(thread, batches, threads));
      Atomics.add(words, word.task, 1);
      Atomics.notify(words, word.task);
      takeColumns(workspace, control, 0);
      awaitOthers(words, batches);
    },
  };
}

/** Works for a lead until the thread is ended. */
export function help(workspace: Workspace, control: Control, thread: number): never {
  for (let seen = 0; ; ) {
    awaitChange(control.words, word.task, seen);
    // Before the work: a task that is set while this one goes on is not slept through.
    seen = Atomics.load(control.words, word.task);
    takeColumns(workspace, control, thread);
  }
}

function openOf(thread: number): number {
  return word.open + thread * stride;
}

function batchesOf(columns: number): number {
  return Math.ceil(columns / columnsOfBatch);
}

/** The batches of a thread follow those of the thread before it. */
function firstOf(thread: number, batches: number, threads: number): number {
  return Math.floor((thread * batches) / threads);
}

function takeColumns(workspace: Workspace, control: Control, thread: number): void {
  for (let away = 0; away < control.threads; away++)
    takeColumnsOf(workspace, control, (thread + away) % control.threads);
}

/** A batch is taken by counting down: a thread that comes late finds 0 or less, whatever the lead is at. One that finds more may trust all else. */
function takeColumnsOf(workspace: Workspace, { threads, words }: Control, thread: number): void {
  const open = openOf(thread);
  for (let at = Atomics.sub(words, open, 1) - 1; at >= 0; at = Atomics.sub(words, open, 1) - 1) {
    const columns = Atomics.load(words, word.columns);
    const batches = batchesOf(columns);
    const from = (firstOf(thread, batches, threads) + at) * columnsOfBatch;
    workOnColumns(workspace, readTask(workspace.task), from, Math.min(columns, from + columnsOfBatch));
    if (Atomics.add(words, word.done, 1) + 1 === batches) Atomics.notify(words, word.done);
  }
}

function awaitOthers(words: Int32Array, batches: number): void {
  for (let done = Atomics.load(words, word.done); done < batches; done = Atomics.load(words, word.done))
    awaitChange(words, word.done, done);
}

function awaitChange(words: Int32Array, at: number, from: number): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(words, at) !== from) return;
  Atomics.wait(words, at, from);
}

function cellsOf({ rows }: Workspace, columns: number, task: ColumnTask): number {
  switch (task.kind) {
    case 'bin':
      return rows * columns;
    case 'node':
      return (task.node.rows + cellsOfScan) * columns;
    case 'children':
      return (task.smaller.rows + 2 * cellsOfScan) * columns;
  }
}
