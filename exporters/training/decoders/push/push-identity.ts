import type { RunIdentity } from '../../journal.ts';

/** What a sender says about the run that it tells of; empty where it says nothing. */
export interface PushedRun {
  readonly run: string;
  readonly jobId: string;
  readonly host: string;
  readonly namespace: string;
  readonly pod: string;
}

/** Runs are told apart by job and name, so that all ranks and a run that is started again in the same job are one. */
export function pushIdentity({ run, jobId, host, namespace, pod }: PushedRun): RunIdentity {
  const key = `push:${jobId}:${run}`;
  return { key, run, longName: key, jobId, host, namespace, pod };
}
