import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Answer, type ChildOptions, progressDriver, progressFd, progressIdle, type Request } from './protocol.ts';

/** The process that calls the driver, as the supervisor sees it. */
export interface NvmlChild {
  readonly pid: number | undefined;
  readonly send: (request: Request) => void;
  /** Index of the GPU that was touched last and not left; undefined if it was none in particular. */
  readonly touchedGpu: () => number | undefined;
  /** Asks it to finish its call, shut NVML down and end. */
  readonly terminate: () => void;
  /** Ends it at once; a process that sleeps in the kernel stays until the driver returns. */
  readonly kill: () => void;
  /** Forgets it: it no longer keeps this process alive, and nothing is heard of it any more. */
  readonly abandon: () => void;
}

export interface NvmlChildEvents {
  /** It went on to another GPU, or left the last one. */
  readonly onProgress: () => void;
  readonly onAnswer: (answer: Answer) => void;
  /** A line that it, or the driver's library in it, wrote to standard error. */
  readonly onComplaint: (line: string) => void;
  /** The process is gone. Called once. */
  readonly onExit: (how: string) => void;
}

export type SpawnNvmlChild = (options: ChildOptions, events: NvmlChildEvents) => NvmlChild;

const childFile = fileURLToPath(new URL('./child.js', import.meta.url));

export const spawnNvmlChild: SpawnNvmlChild = (options, { onProgress, onAnswer, onComplaint, onExit }) => {
  const child = fork(childFile, [JSON.stringify(options)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    // The child holds a snapshot and a library; a small young generation keeps its memory small.
    execArgv: ['--max-semi-space-size=1'],
  });
  let gone = false;
  function exit(how: string): void {
    if (gone) return;
    gone = true;
    onExit(how);
  }
  // First of all, because a process that could not be started has nothing else.
  child.on('error', (error) => exit(error.message));
  let lastProgress = progressIdle;
  const progress = child.stdio?.[progressFd];
  if (progress !== null && progress !== undefined && 'on' in progress) {
    progress.on('data', (bytes: Buffer) => {
      lastProgress = bytes.at(-1) ?? lastProgress;
      onProgress();
    });
    progress.on('error', () => {});
  }
  if (child.stderr) createInterface({ input: child.stderr }).on('line', onComplaint);
  child.on('message', (answer) => onAnswer(answer as Answer));
  // `close` comes after the last progress byte was read, `exit` may come before it.
  child.on('close', (code, signal) => exit(signal ?? `exit status ${code}`));
  return {
    pid: child.pid,
    send: (request) => {
      if (child.connected) child.send(request, () => {});
    },
    touchedGpu: () => (lastProgress < progressDriver ? lastProgress : undefined),
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
    abandon: () => {
      gone = true;
      child.unref();
      child.channel?.unref();
      child.stderr?.destroy();
      if (progress !== null && progress !== undefined) progress.destroy();
    },
  };
};
