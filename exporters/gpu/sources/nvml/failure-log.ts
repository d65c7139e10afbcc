import type { Log } from '../../../../kit/log.ts';
import type { KnownGpu } from '../source.ts';

export interface GpuFailure {
  readonly index: number;
  readonly uuid: string;
  readonly failure?: string | undefined;
}

/** Says once that a GPU does not answer and why, and once that it does again, so that the log of a node tells its story. */
export function createFailureLog(log: Log): (gpus: readonly GpuFailure[], known: readonly KnownGpu[]) => void {
  const failing = new Map<string, string>();

  return (gpus, known) => {
    for (const { index, uuid, failure } of gpus) {
      if (failing.get(uuid) === failure) continue;
      const identity = known.find((gpu) => gpu.uuid === uuid)?.identity;
      const facts = { gpu: index, uuid, pci: identity?.pciBusId, serial: identity?.serial };
      if (failure === undefined) {
        failing.delete(uuid);
        log.info('the GPU answers again', facts);
      } else {
        failing.set(uuid, failure);
        log.warn('the GPU does not answer', { ...facts, failure });
      }
    }
  };
}
