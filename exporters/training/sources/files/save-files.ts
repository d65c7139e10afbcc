import type { FileState, SavedFile, SavedRunFiles } from './file-state.ts';
import type { FollowedFile, FollowedRun } from './followed-run.ts';
import { resumePointOf } from './tail.ts';

interface Sources {
  readonly files: Iterable<FollowedFile>;
  readonly runs: Iterable<FollowedRun>;
  /** What an earlier exporter saved of files that did not show up yet. */
  readonly restored: Iterable<SavedFile>;
}

export function saveFiles({ files, runs, restored }: Sources): FileState {
  return { files: [...[...files].map(saveFile), ...restored], runs: [...runs].flatMap(saveRun) };
}

function saveFile({ tail, voice }: FollowedFile): SavedFile {
  const { path, kind, identity } = tail;
  return { path, kind, identity, ...resumePointOf(tail), isOpen: voice.isOpen() };
}

function saveRun({ match, checkpoints, trainerState }: FollowedRun): SavedRunFiles[] {
  const checkpointsUntil = checkpoints.toldUntil();
  const told = trainerState.save();
  if (checkpointsUntil === undefined && told === undefined) return [];
  return [{ key: match.realPath, checkpointsUntil, trainerState: told }];
}
