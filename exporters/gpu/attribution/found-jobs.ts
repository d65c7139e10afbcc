import { maxBeliefSeconds } from './allocated-time.ts';
import type { FoundJob } from './allocations.ts';

/**
 * Jobs that were found by their processes. A GPU that is lost or left alone, or whose processes could not be listed, still has the jobs
 * that it had, for up to `maxBeliefSeconds` from the first look that lacks it: that is as long as a GPU is left alone at a time.
 */
export interface FoundJobs {
  /** One look at the processes; `listed` are the UUIDs of the GPUs that it shows. */
  readonly look: (jobs: readonly FoundJob[], listed: ReadonlySet<string>, now: number) => void;
  readonly list: (now: number) => readonly FoundJob[];
}

interface OnGpu {
  readonly jobs: readonly FoundJob[];
  readonly isListed: boolean;
  /** The last look that shows the GPU, or the first that lacks it. */
  readonly at: number;
}

export function createFoundJobs(): FoundJobs {
  let byGpu: ReadonlyMap<string, OnGpu> = new Map();

  return {
    look: (jobs, listed, now) => {
      const missing = [...byGpu]
        .filter(([uuid, onGpu]) => !listed.has(uuid) && isBelieved(onGpu, now))
        .map(([uuid, onGpu]) => [uuid, onGpu.isListed ? { ...onGpu, isListed: false, at: now } : onGpu] as const);
      const seen = [...listed].map((uuid) => [uuid, { jobs: onlyOf(uuid, jobs), isListed: true, at: now }] as const);
      byGpu = new Map([...missing, ...seen]);
    },
    list: (now) => [...byGpu.values()].flatMap((onGpu) => (isBelieved(onGpu, now) ? onGpu.jobs : [])),
  };
}

function onlyOf(uuid: string, jobs: readonly FoundJob[]): readonly FoundJob[] {
  return jobs.filter(({ device }) => device.uuid === uuid);
}

function isBelieved({ at }: OnGpu, now: number): boolean {
  return now - at <= maxBeliefSeconds;
}
