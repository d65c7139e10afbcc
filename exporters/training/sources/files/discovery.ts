import type { Log } from '../../../../kit/log.ts';
import type { Journal } from '../../journal.ts';
import type { SourceLedger } from '../../source-ledger.ts';
import { createCheckpointWatch } from './checkpoint-watch.ts';
import type { SavedRunFiles } from './file-state.ts';
import type { FileSystem } from './file-system.ts';
import type { FileTable } from './file-table.ts';
import { findRuns, type RunMatch } from './find-runs.ts';
import type { FollowedRun } from './followed-run.ts';
import type { Gate } from './gate.ts';
import type { Listings } from './listings.ts';
import type { LocalDisks } from './local-disks.ts';
import { identityOfRun } from './run-identity.ts';
import type { RunPattern } from './run-pattern.ts';
import { createTrainerStateWatch, type TellTrainerState } from './trainer-state-watch.ts';
import type { TroubleLog } from './trouble-log.ts';
import type { VisitRun } from './visit-run.ts';
import { createVoice } from './voice.ts';
import { startWalk, type WalkLimits } from './walk.ts';

interface Deps {
  readonly table: FileTable;
  readonly visitRun: VisitRun;
  readonly journal: Journal;
  readonly ledger: SourceLedger;
  readonly log: Log;
  readonly fs: FileSystem;
  readonly gate: Gate;
  readonly troubles: TroubleLog;
  readonly disks: LocalDisks;
  readonly listings: Listings;
  readonly tellTrainerState: TellTrainerState;
  readonly restoredRuns: ReadonlyMap<string, SavedRunFiles>;
  readonly walkLimits: WalkLimits;
}

/** Runs that are visited at once, so that the threads which ask the file system need not fall asleep. */
const lanes = 16;

interface Settings {
  readonly patterns: readonly RunPattern[];
  readonly jobIdPattern: RegExp;
}

/** A run that is not seen may be in a folder that cannot be read for a while. */
const patientLooks = 100;

/** Looks for runs and their files once. Returns whether all folders were seen. */
export type Discover = () => Promise<boolean>;

export function createDiscovery({ patterns, jobIdPattern }: Settings, deps: Deps): Discover {
  const { table, visitRun, journal, ledger, log, restoredRuns } = deps;
  let isCut = false;

  function runOf(match: RunMatch): FollowedRun {
    const known = table.runs.get(match.realPath);
    if (known !== undefined) {
      known.match = match;
      known.missedLooks = 0;
      return known;
    }
    const run = newRun(match);
    table.runs.set(match.realPath, run);
    return run;
  }

  function newRun(match: RunMatch): FollowedRun {
    const identity = identityOfRun(match, jobIdPattern);
    const saved = restoredRuns.get(match.realPath);
    const voice = (kind: 'checkpoints' | 'trainer_state') =>
      createVoice({ journal, kind, id: kind, identity: () => run.identity });
    const run: FollowedRun = {
      match,
      identity,
      files: new Map(),
      former: new Map(),
      checkpoints: createCheckpointWatch(voice('checkpoints'), saved?.checkpointsUntil),
      trainerState: createTrainerStateWatch(voice('trainer_state'), {
        ...deps,
        tell: deps.tellTrainerState,
        saved: saved?.trainerState,
      }),
      isRefused: false,
      lastEventFile: undefined,
      hasToldWriter: false,
      missedLooks: 0,
    };
    return run;
  }

  function forgetOthers(matches: ReadonlyMap<string, RunMatch>, patience: number): void {
    for (const [realPath, run] of table.runs) {
      if (matches.has(realPath) || run.files.size > 0) continue;
      run.missedLooks++;
      if (run.missedLooks <= patience) continue;
      run.checkpoints.close();
      run.trainerState.close();
      table.runs.delete(realPath);
    }
  }

  function reportCut(isCutNow: boolean): void {
    if (isCutNow === isCut) return;
    isCut = isCutNow;
    if (!isCut) return;
    ledger.dropped('files');
    log.warn('the run folders hold more than is looked through', {
      ...deps.walkLimits,
      remedy: 'make --runs.paths narrower or --runs.depth smaller',
    });
  }

  return async () => {
    const walk = startWalk(deps, deps.walkLimits);
    const matches = await findRuns(patterns, walk);
    const isOtherRun = (realPath: string) => matches.has(realPath);
    await inLanes(matches.values(), (match) => visitRun(runOf(match), walk, isOtherRun));
    forgetOthers(matches, walk.isIncomplete() ? patientLooks : 0);
    reportCut(walk.isCut());
    return !walk.isIncomplete();
  };
}

async function inLanes<T>(items: Iterable<T>, visit: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await visit(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
