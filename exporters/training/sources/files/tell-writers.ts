import type { FollowedFile, FollowedRun } from './followed-run.ts';
import type { WriterHome } from './writer-environment.ts';
import type { WriterProcesses } from './writer-process.ts';

/** Says of each run whether the process that began its newest event file is alive, and takes its job and pod from there. */
export async function tellWriters(runs: Iterable<FollowedRun>, writers: WriterProcesses): Promise<void> {
  writers.begin();
  for (const run of runs) await tellWriter(run, writers);
}

async function tellWriter(run: FollowedRun, writers: WriterProcesses): Promise<void> {
  const newest = newestOf(run);
  if (newest?.writer === undefined) return;
  const { alive, home } = await writers.find(newest.writer);
  if (home !== undefined) takeHome(run, home, newest);
  if (alive !== undefined || run.hasToldWriter) newest.voice.stream.writerAlive(alive);
  run.hasToldWriter = alive !== undefined;
}

/** Older files are of earlier attempts, whose processes are gone. */
function newestOf(run: FollowedRun): FollowedFile | undefined {
  let newest: FollowedFile | undefined;
  for (const file of run.files.values())
    if ((file.writer?.startedAtSeconds ?? -1) > (newest?.writer?.startedAtSeconds ?? -1)) newest = file;
  return newest;
}

/** Streams whose path names a job keep that. */
function takeHome(run: FollowedRun, home: WriterHome, { voice }: FollowedFile): void {
  const { identity } = run;
  const known = {
    ...identity,
    jobId: home.jobId || identity.jobId,
    namespace: identity.namespace || home.namespace,
    pod: identity.pod || home.pod,
  };
  const isNews = known.jobId !== identity.jobId || known.namespace !== identity.namespace || known.pod !== identity.pod;
  if (!isNews) return;
  run.identity = known;
  voice.renew();
}
