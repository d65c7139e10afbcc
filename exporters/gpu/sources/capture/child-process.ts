import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { timer } from '../../../../kit/timer.ts';
import { progressDriver, progressFd } from '../nvml/protocol.ts';

/** The one message of the process that takes a capture. */
export type CaptureMessage = { readonly text: string } | { readonly failure: string };

export interface CaptureRequest {
  /** Names or paths of the NVML library, tried in this order. */
  readonly libraries: readonly string[];
  /** After so long the process is ended. */
  readonly deadlineSeconds: number;
  /** Hears the index of the GPU that is being read. */
  readonly onGpu: (index: number) => void;
  /** Hears what the process, or the driver's library in it, writes to standard error. */
  readonly onComplaint: (line: string) => void;
}

/** After the deadline, for the call in progress to return. */
const graceSeconds = 5;

const childFile = fileURLToPath(new URL('./child.js', import.meta.url));

/** Takes a capture of this machine in a process of its own, so that a driver that hangs or crashes hurts nobody. Never rejects. */
export function captureInChild(request: CaptureRequest): Promise<CaptureMessage> {
  const { libraries, deadlineSeconds, onGpu, onComplaint } = request;
  return new Promise((resolve) => {
    const child = fork(childFile, [JSON.stringify(libraries)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    });
    let touched: number | undefined;
    let message: CaptureMessage | undefined;
    let isLate = false;
    const patience = timer();
    patience.set(deadlineSeconds, () => {
      isLate = true;
      // Ends it when its call returns; a process that is killed within a call may leave the GPU in a bad state.
      child.kill('SIGTERM');
      patience.set(graceSeconds, () => {
        child.kill('SIGKILL');
        // One that sleeps in the kernel is not gone before its call returns, so nobody waits for its end.
        end('was killed');
      });
    });

    function end(how: string): void {
      patience.clear();
      child.unref();
      const hung = `the driver did not answer within ${deadlineSeconds} s${during(touched)}; look for NVRM in the kernel log`;
      const failure = isLate ? hung : `the process that reads NVML ended early (${how})${during(touched)}`;
      resolve(message ?? { failure });
    }

    child.on('error', (error) => end(error.message));
    child.on('message', (sent) => {
      if (isCaptureMessage(sent)) message = sent;
    });
    child.on('close', (code, signal) => end(signal ?? `exit status ${code}`));
    if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', onComplaint);
    const progress = child.stdio[progressFd];
    if (progress === null || progress === undefined || !('on' in progress)) return;
    progress.on('error', () => {});
    progress.on('data', (bytes: Buffer) => {
      for (const byte of bytes) {
        touched = byte < progressDriver ? byte : undefined;
        if (touched !== undefined) onGpu(touched);
      }
    });
  });
}

function during(gpu: number | undefined): string {
  return gpu === undefined ? '' : ` while GPU ${gpu} was read`;
}

function isCaptureMessage(sent: unknown): sent is CaptureMessage {
  if (typeof sent !== 'object' || sent === null) return false;
  if ('text' in sent) return typeof sent.text === 'string';
  return 'failure' in sent && typeof sent.failure === 'string';
}
