import type { Clock } from '../../../../kit/clock.ts';
import type { FileKind } from './file-kind.ts';
import type { FileFacts, FileSystem } from './file-system.ts';
import { type FollowDeps, type FollowedRun, followFile } from './followed-run.ts';
import type { Gate } from './gate.ts';
import type { RestoredFiles } from './restored-files.ts';
import { surveyCheckpoints } from './survey-checkpoints.ts';
import type { ResumePoint, TailKind } from './tail.ts';
import { hotSeconds } from './tail-state.ts';
import type { TrainerStateFile } from './trainer-state-watch.ts';
import type { Walk } from './walk.ts';
import { type FoundFile, walkRun } from './walk-run.ts';

interface Settings {
  readonly depth: number;
  readonly maxAgeSeconds: number;
  readonly kindOf: (name: string) => FileKind | undefined;
}

interface Deps extends FollowDeps {
  readonly fs: FileSystem;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly restored: RestoredFiles;
  /** False where the limit of files is reached, which it counts. */
  readonly hasRoom: (path: string) => boolean;
}

interface Candidate extends FoundFile {
  readonly realPath: string;
  readonly facts: FileFacts;
}

/** Looks for what is new in a run folder and begins to follow it. */
export type VisitRun = (run: FollowedRun, walk: Walk, isOtherRun: (realPath: string) => boolean) => Promise<void>;

export function createVisitRun({ depth, maxAgeSeconds, kindOf }: Settings, deps: Deps): VisitRun {
  const { fs, gate, clock, restored, hasRoom } = deps;

  async function identifyNew(run: FollowedRun, files: readonly FoundFile[], walk: Walk): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (const file of files) {
      const candidate = run.files.has(file.path) ? undefined : await identify(file, walk);
      if (candidate !== undefined) found.push(candidate);
    }
    return found.sort(inOrderOfWriting);
  }

  /** Undefined for what is no file, and for what is too old to be read. */
  async function identify(file: FoundFile, walk: Walk): Promise<Candidate | undefined> {
    const facts = await walk.identify(file.path, file.kind);
    if (facts?.isFile !== true || facts.mtimeSeconds < clock.now() - maxAgeSeconds) return undefined;
    const realPath = file.isLink ? await walk.realPath(file.path) : file.path;
    return realPath === undefined ? undefined : { ...file, realPath, facts };
  }

  function followNew(run: FollowedRun, candidates: readonly Candidate[]): void {
    const taken = new Set([...run.files.values()].map(({ tail }) => tail.identity));
    for (const { path, realPath, kind, facts } of candidates) {
      // A link, or the other name that a rotation gave to a file that is still read under its old one.
      if (kind === 'trainer_state' || taken.has(facts.identity) || !hasRoom(path)) continue;
      taken.add(facts.identity);
      const hotUntil = clock.monotonic() + facts.mtimeSeconds + hotSeconds - clock.now();
      const saved = savedOf(run, path, kind, facts);
      if (followFile(run, { path, realPath, kind, facts, hotUntil, saved }, deps) !== undefined) continue;
      run.isRefused = true;
      return;
    }
  }

  function savedOf(run: FollowedRun, path: string, kind: TailKind, facts: FileFacts): ResumePoint | undefined {
    const saved = restored.take(path, kind, facts);
    const former = run.former.get(facts.identity);
    run.former.delete(facts.identity);
    if (saved !== undefined) return saved;
    return former !== undefined && facts.size >= former.position ? former : undefined;
  }

  return async (run, walk, isOtherRun) => {
    const known = run.checkpoints.known();
    const isKnownCheckpoint = (path: string) => known.has(path);
    const contents = await walkRun(run.match, walk, { depth, kindOf, isOtherRun, isKnownCheckpoint });
    const candidates = await identifyNew(run, contents.files, walk);
    followNew(run, candidates);
    const trainerStates: readonly TrainerStateFile[] = candidates.filter(({ kind }) => kind === 'trainer_state');
    await run.trainerState.look(trainerStates);
    const sightings = await surveyCheckpoints(contents.folders, { fs, gate, walk, known });
    const now = clock.now();
    const isFresh = sightings.some(({ completeAt }) => completeAt !== undefined && completeAt >= now - maxAgeSeconds);
    run.checkpoints.look(sightings, now, run.files.size > 0 || isFresh);
  };
}

/** A file under its own name comes before the links to it, whatever they lead to next. */
function inOrderOfWriting(a: Candidate, b: Candidate): number {
  return Number(a.isLink) - Number(b.isLink) || a.facts.mtimeSeconds - b.facts.mtimeSeconds;
}
