import { join } from 'node:path';
import { reasonOf, SourceError } from '../../errors.ts';
import { startWorker } from '../../start-worker.ts';
import type { Answer, Request, ThreadSettings } from './protocol.ts';

/** The embedded database while its thread runs. One batch at a time, the others wait. */
export interface DatabaseThread {
  /** Sends whole messages, the last of which makes the database answer; resolves when all of the answer has been given to `onData`. */
  readonly exec: (bytes: Uint8Array, onData: (bytes: Uint8Array) => void) => Promise<void>;
  /** Calls back when the thread has ended, with the reason, or without if it was closed. */
  readonly onEnd: (callback: (reason: string | undefined) => void) => void;
  readonly fsyncs: () => number;
  /** Writes a checkpoint and ends. */
  readonly close: () => Promise<void>;
  /** Ends at once, as a crash would; what was acknowledged is on the disk. */
  readonly kill: (reason: string) => Promise<void>;
}

interface Batch {
  readonly id: number;
  readonly onData: (bytes: Uint8Array) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Resolves when the database answers, after recovery if there is something to recover. */
export function startThread(settings: ThreadSettings): Promise<DatabaseThread> {
  const worker = startWorker(join(import.meta.dirname, 'thread'), settings);
  const endCallbacks = new Set<(reason: string | undefined) => void>();
  let batch: Batch | undefined;
  let last: Promise<void> = Promise.resolve();
  let lastId = 0;
  let fsyncs = 0;
  let isClosing = false;
  let isReady = false;
  let hasEnded = false;
  let deadReason: string | undefined;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  function run(bytes: Uint8Array, onData: Batch['onData']): Promise<void> {
    if (hasEnded) return Promise.reject(endError());
    return new Promise((resolve, reject) => {
      lastId++;
      batch = { id: lastId, onData, resolve, reject };
      post({ kind: 'exec', id: lastId, bytes });
    });
  }

  function endError(): SourceError {
    return new SourceError(`the embedded database ended: ${deadReason ?? 'it was closed'}`);
  }

  function finish({ id, bytes, fsyncs: total }: Extract<Answer, { kind: 'done' }>): void {
    fsyncs = total;
    if (batch?.id !== id) return;
    const { onData, resolve } = batch;
    batch = undefined;
    onData(bytes);
    resolve();
  }

  function post(request: Request): void {
    worker.postMessage(request, request.kind === 'exec' ? [request.bytes.buffer as ArrayBuffer] : []);
  }

  const thread: DatabaseThread = {
    exec: (bytes, onData) => {
      const turn = last.then(() => run(bytes, onData));
      last = turn.catch(() => undefined);
      return turn;
    },
    onEnd: (callback) => void endCallbacks.add(callback),
    fsyncs: () => fsyncs,
    close: async () => {
      isClosing = true;
      post({ kind: 'close' });
      await ended;
    },
    kill: async (reason) => {
      deadReason ??= reason;
      await worker.terminate();
    },
  };

  return new Promise((resolveStart, rejectStart) => {
    worker.on('message', (answer: Answer) => hear(answer));
    worker.on('error', (error) => {
      deadReason ??= reasonOf(error);
    });
    worker.once('exit', () => {
      hasEnded = true;
      if (!isClosing) deadReason ??= 'its thread ended unexpectedly';
      if (!isReady) rejectStart(endError());
      batch?.reject(endError());
      batch = undefined;
      for (const callback of endCallbacks) callback(deadReason);
    });

    function hear(answer: Answer): void {
      switch (answer.kind) {
        case 'ready':
          isReady = true;
          resolveStart(thread);
          break;
        case 'data':
          if (batch?.id === answer.id) batch.onData(answer.bytes);
          break;
        case 'done':
          finish(answer);
          break;
        case 'dead':
          deadReason = answer.reason;
          break;
        case 'closed':
          break;
      }
    }
  });
}
