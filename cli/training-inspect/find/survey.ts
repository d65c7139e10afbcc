import { basename } from 'node:path';
import type { RunIdentity } from '../../../exporters/training/journal.ts';
import { checkpointOfFolder } from '../../../exporters/training/sources/files/checkpoint-names.ts';
import type { FileKind } from '../../../exporters/training/sources/files/file-kind.ts';
import type { RunMatch } from '../../../exporters/training/sources/files/find-runs.ts';
import { identityOfRun } from '../../../exporters/training/sources/files/run-identity.ts';
import type { Walk } from '../../../exporters/training/sources/files/walk.ts';
import { type ReadFolder, type RunContents, walkRun } from '../../../exporters/training/sources/files/walk-run.ts';

export interface KindSurvey {
  readonly files: number;
  readonly bytes: number;
}

/** What lies on the disk of one run, before anything of it is read. */
export interface RunSurvey {
  readonly identity: RunIdentity;
  /** Several where a container was started again and writes another log. */
  readonly matches: readonly RunMatch[];
  readonly kinds: ReadonlyMap<FileKind, KindSurvey>;
  readonly files: number;
  readonly bytes: number;
  /** When a file of it was written last. */
  readonly newestSeconds: number | undefined;
  readonly hasCheckpoints: boolean;
  /** Folders that are too deep to be looked into. */
  readonly tooDeep: number;
}

interface Settings {
  readonly depth: number;
  readonly kindOf: (name: string) => FileKind | undefined;
  readonly jobIdPattern: RegExp;
  readonly onFolders: (folders: readonly ReadFolder[]) => void;
}

/** Looks for the files of each match; matches of one run are put together. */
export async function surveyRuns(
  matches: ReadonlyMap<string, RunMatch>,
  walk: Walk,
  settings: Settings,
): Promise<readonly RunSurvey[]> {
  const byKey = new Map<string, RunSurvey>();
  const isOtherRun = (realPath: string): boolean => matches.has(realPath);
  for (const match of matches.values()) {
    const survey = await surveyRun(match, walk, isOtherRun, settings);
    const before = byKey.get(survey.identity.key);
    byKey.set(survey.identity.key, before === undefined ? survey : joined(before, survey));
  }
  return [...byKey.values()];
}

async function surveyRun(
  match: RunMatch,
  walk: Walk,
  isOtherRun: (realPath: string) => boolean,
  { depth, kindOf, jobIdPattern, onFolders }: Settings,
): Promise<RunSurvey> {
  const contents = await walkRun(match, walk, { depth, kindOf, isOtherRun, isKnownCheckpoint: () => false });
  onFolders(contents.folders);
  const kinds = new Map<FileKind, KindSurvey>();
  let newestSeconds: number | undefined;
  for (const { path, kind } of contents.files) {
    const facts = await walk.identify(path, kind);
    if (facts?.isFile !== true) continue;
    const { files, bytes } = kinds.get(kind) ?? { files: 0, bytes: 0 };
    kinds.set(kind, { files: files + 1, bytes: bytes + facts.size });
    newestSeconds = Math.max(newestSeconds ?? 0, facts.mtimeSeconds);
  }
  const all = [...kinds.values()];
  return {
    identity: identityOfRun(match, jobIdPattern),
    matches: [match],
    kinds,
    files: all.reduce((sum, { files }) => sum + files, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    newestSeconds: newestSeconds ?? newestCheckpoint(contents),
    hasCheckpoints: contents.folders.slice(1).some(({ folder }) => isCheckpoint(folder.path)),
    tooDeep: tooDeep(match, contents, depth),
  };
}

function isCheckpoint(path: string): boolean {
  return checkpointOfFolder(basename(path)) !== undefined;
}

function newestCheckpoint({ folders }: RunContents): number | undefined {
  const times = folders
    .filter(({ folder }) => isCheckpoint(folder.path))
    .map(({ folder }) => folder.facts.mtimeSeconds);
  return times.length === 0 ? undefined : Math.max(...times);
}

function tooDeep({ path }: RunMatch, { folders }: RunContents, depth: number): number {
  const levels = path.split('/').length + depth;
  return folders
    .filter(({ folder }) => folder.path.split('/').length >= levels)
    .reduce(
      (sum, { entries }) => sum + entries.filter(({ is, name }) => is === 'folder' && !name.startsWith('.')).length,
      0,
    );
}

function joined(one: RunSurvey, other: RunSurvey): RunSurvey {
  const kinds = new Map(one.kinds);
  for (const [kind, { files, bytes }] of other.kinds) {
    const before = kinds.get(kind) ?? { files: 0, bytes: 0 };
    kinds.set(kind, { files: before.files + files, bytes: before.bytes + bytes });
  }
  const times = [one.newestSeconds, other.newestSeconds].filter((time) => time !== undefined);
  return {
    identity: one.identity,
    matches: [...one.matches, ...other.matches],
    kinds,
    files: one.files + other.files,
    bytes: one.bytes + other.bytes,
    newestSeconds: times.length === 0 ? undefined : Math.max(...times),
    hasCheckpoints: one.hasCheckpoints || other.hasCheckpoints,
    tooDeep: one.tooDeep + other.tooDeep,
  };
}
