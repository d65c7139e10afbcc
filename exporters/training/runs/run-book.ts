import type { Clock } from '../../../kit/clock.ts';
import type { Journal, RunIdentity, RunStream, SourceKind } from '../journal.ts';
import type { SourceLedger } from '../source-ledger.ts';
import { endIfOver, isOver } from './life.ts';
import { countRankTimes, maxPhases } from './phase-times.ts';
import type { RankRoom } from './rank-times.ts';
import { createRunState, createStreamState, type RunModel, type RunState } from './run-state.ts';
import { createRunStream, type StreamLimits } from './run-stream.ts';
import { restoreRun, saveRun } from './saved-run.ts';

/** Every run that is known. */
export interface RunBook extends Journal {
  /** Runs that have something to show, in the order in which they showed up, with labels that no two of them share. */
  readonly shown: () => readonly ShownRun[];
  readonly size: () => number;
  /** Ends runs that are over and lets go of those that ended long ago. */
  readonly expire: () => void;
  /** What the mapping file says about models has changed. */
  readonly setModels: (modelOf: (run: string) => RunModel | undefined) => void;
  readonly save: () => unknown;
  /** Takes what was saved; whatever is no run is left out. */
  readonly restore: (saved: unknown) => void;
}

export interface ShownRun {
  readonly labels: { readonly run: string; readonly job_id: string; readonly framework: string };
  readonly state: RunState;
}

export interface RunBookSettings extends StreamLimits {
  readonly maxRuns: number;
  readonly idleSeconds: number;
  readonly retentionSeconds: number;
  /** Ranks times phases of all runs together, whoever makes them up; as many as one run may have unless it is said. */
  readonly maxRankTimes?: number;
}

interface Deps {
  readonly clock: Clock;
  readonly ledger: SourceLedger;
  readonly modelOf: (run: string) => RunModel | undefined;
}

/** Files that are gone still tell how far the run had come before it was started again; the newest are enough for that. */
const maxClosedStreams = 64;

/** Kinds whose files may hold hours of training when they are found. */
const grows: readonly SourceKind[] = ['event_files', 'logs', 'rank_logs'];

/** A file that cannot be read, or never ends, does not hide its run for longer. */
const catchUpSeconds = 60;

/** Some hundred bytes each: a thousand runs of 64 ranks with 8 phases. */
const leastRankTimes = 512_000;

/** A run of which nothing but its beginning is heard is shown after this. */
const startSeconds = 60;

export function createRunBook(settings: RunBookSettings, { clock, ledger, ...deps }: Deps): RunBook {
  const runs = new Map<string, RunState>();
  /** Runs that are shown no more, and whose sources may tell more after days. */
  const resting = new Map<string, RunState>();
  /** Runs that did not fit are counted once each, as far as they can be remembered. */
  const refused = new Set<string>();
  const maxRankTimes = settings.maxRankTimes ?? Math.max(leastRankTimes, maxPhases * settings.maxRanks);
  const rankRoom: RankRoom = { left: maxRankTimes };
  let { modelOf } = deps;

  function findRun(identity: RunIdentity): RunState | undefined {
    const known = runs.get(identity.key);
    if (known !== undefined) {
      known.identity = withNews(known.identity, identity);
      return known;
    }
    if (runs.size >= settings.maxRuns) {
      refuse(identity.key);
      return undefined;
    }
    const run =
      resting.get(identity.key) ?? createRunState(identity, { model: modelOf(identity.run), knownSince: clock.now() });
    take(run);
    return run;
  }

  function refuse(key: string): void {
    if (refused.has(key)) return;
    if (refused.size < settings.maxRuns) refused.add(key);
    ledger.dropped('runs');
  }

  function openStream(identity: RunIdentity, kind: SourceKind, id: string): RunStream | undefined {
    const run = findRun(identity);
    if (run === undefined) return undefined;
    const stream = run.streams.get(id) ?? createStreamState(kind, run.progress.attempt);
    run.streams.set(id, stream);
    // A push opens its stream anew each time and never closes it.
    if (kind !== 'push') run.followed.add(id);
    if (grows.includes(kind) && !run.isShown) run.unsettled.add(id);
    return createRunStream({
      id,
      run,
      stream,
      limits: settings,
      rankRoom,
      clock,
      ledger,
      onTold: () => {
        if (resting.has(identity.key)) takeBack(run);
      },
      onSettled: () => void run.unsettled.delete(id),
      onClose: () => {
        run.unsettled.delete(id);
        run.followed.delete(id);
        if (run.followed.size === 0) resting.delete(identity.key);
        const isForgotten = stream.step === undefined || run.streams.size > maxClosedStreams;
        if (isForgotten && run.streams.get(id) === stream) run.streams.delete(id);
      },
    });
  }

  /** A run that was let go of writes again. */
  function takeBack(run: RunState): void {
    if (runs.size < settings.maxRuns) take(run);
    else refuse(run.identity.key);
  }

  function take(run: RunState): void {
    resting.delete(run.identity.key);
    runs.set(run.identity.key, run);
  }

  function letGo(run: RunState): void {
    runs.delete(run.identity.key);
    if (run.followed.size > 0) resting.set(run.identity.key, run);
  }

  return {
    openStream,
    shown: () => shownRuns(runs.values(), clock.now()),
    size: () => runs.size,
    expire: () => {
      const now = clock.now();
      for (const run of runs.values()) {
        endIfOver(run, now, settings.idleSeconds);
        run.life.seenOverAt = isOver(run) ? (run.life.seenOverAt ?? now) : undefined;
        if (now - (run.life.seenOverAt ?? now) > settings.retentionSeconds) letGo(run);
      }
      rankRoom.left = [...runs.values()].reduce((left, run) => left - countRankTimes(run), maxRankTimes);
      refused.clear();
    },
    setModels: (next) => {
      modelOf = next;
      for (const run of runs.values()) run.model = modelOf(run.identity.run);
    },
    save: () => [...runs.values()].map(saveRun),
    restore: (saved) => {
      if (!Array.isArray(saved)) return;
      for (const json of saved.slice(0, settings.maxRuns)) {
        const run = restoreRun(json, modelOf);
        if (run !== undefined) runs.set(run.identity.key, run);
      }
    },
  };
}

/** The newest source knows best under which job the run goes on; what it does not know stays. */
function withNews(known: RunIdentity, news: RunIdentity): RunIdentity {
  return {
    ...known,
    jobId: news.jobId || known.jobId,
    host: news.host || known.host,
    namespace: news.namespace || known.namespace,
    pod: news.pod || known.pod,
  };
}

/** Two folders of one name, under two patterns, are told apart by their whole paths. */
function shownRuns(runs: Iterable<RunState>, now: number): readonly ShownRun[] {
  const taken = new Set<string>();
  const shown: ShownRun[] = [];
  for (const state of runs) {
    state.isShown ||=
      hasSomething(state, now) && (state.unsettled.size === 0 || now - state.knownSince > catchUpSeconds);
    if (!state.isShown) continue;
    const { run, longName, jobId, key } = state.identity;
    const name = [run, longName, key].find((candidate) => !taken.has(labelKey(candidate, jobId)));
    if (name === undefined) continue;
    taken.add(labelKey(name, jobId));
    shown.push({ labels: { run: name, job_id: jobId, framework: state.framework ?? 'unknown' }, state });
  }
  return shown;
}

function labelKey(run: string, jobId: string): string {
  return JSON.stringify([run, jobId]);
}

/**
 * A folder alone is no run. A file with its first record only would be shown before its framework is known, so it is waited for a while; if
 * nothing follows, the run is shown as one that starts.
 */
function hasSomething(run: RunState, now: number): boolean {
  const { framework, progress, life, gauges, checkpoints, scalars, phases, knownSince } = run;
  return (
    (life.startedAt !== undefined && now - knownSince > startSeconds) ||
    framework !== undefined ||
    progress.step !== undefined ||
    life.phase !== 'starting' ||
    gauges.size + scalars.size + phases.size + checkpoints.complete > 0
  );
}
