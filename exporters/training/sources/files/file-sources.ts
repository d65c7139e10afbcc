import type { Clock } from '../../../../kit/clock.ts';
import type { Log } from '../../../../kit/log.ts';
import { createDiscovery } from './discovery.ts';
import { createFileKinds } from './file-kind.ts';
import type { FileSourceSettings } from './file-source-settings.ts';
import { emptyFileState, type FileState } from './file-state.ts';
import { diskFileSystem, type FileSystem } from './file-system.ts';
import { createFileTable } from './file-table.ts';
import { type FollowDeps, rememberFormer } from './followed-run.ts';
import { createGate } from './gate.ts';
import { createTailInspection } from './inspect-tail.ts';
import { createListings } from './listings.ts';
import { createLocalDisks } from './local-disks.ts';
import { createLookAtTails } from './look-at-tails.ts';
import { type ProcFiles, procFiles } from './proc-file.ts';
import { createTailReader } from './read-tail.ts';
import { createRepeat } from './repeat.ts';
import { createRestoredFiles } from './restored-files.ts';
import { saveFiles } from './save-files.ts';
import { renewDecoder, type Tail, type TailKind, unreadBytes } from './tail.ts';
import { createTailPoll } from './tail-poll.ts';
import { tellWriters } from './tell-writers.ts';
import type { TellTrainerState } from './trainer-state-watch.ts';
import { createTroubleLog } from './trouble-log.ts';
import { createVisitRun } from './visit-run.ts';
import { type WalkLimits, walkLimits } from './walk.ts';
import { createWriterProcesses } from './writer-process.ts';

/** Tells of the runs whose files are on the disk. */
export interface FileSources {
  /** One whole look: for new runs and files, and at all files. */
  readonly poll: () => Promise<void>;
  /** The part of it that is done most often: one look at all files that are followed. */
  readonly pollFiles: () => Promise<void>;
  /** Looks again and again. */
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  readonly save: () => FileState;
  /** True when all that was there at the start was looked at once. */
  readonly isReady: () => boolean;
  readonly files: () => readonly FileReport[];
  /** Tags mean something else now: every decoder is made anew where it is. */
  readonly renewDecoders: () => Promise<void>;
}

export interface FileReport {
  readonly run: string;
  readonly path: string;
  readonly kind: TailKind;
  readonly size: number;
  readonly position: number;
  /** Nothing that follows can be understood. */
  readonly isDead: boolean;
}

export interface FileSourceDeps extends Pick<FollowDeps, 'journal' | 'tags' | 'ledger' | 'decoders'> {
  readonly tellTrainerState: TellTrainerState;
  readonly clock: Clock;
  readonly log: Log;
  /** What an earlier exporter saved. */
  readonly restored?: FileState | undefined;
  readonly fs?: FileSystem;
  readonly procFiles?: ProcFiles;
  readonly walkLimits?: WalkLimits;
}

/** While a poll leaves something for the next, the next one comes after this. */
const catchUpPauseSeconds = 0.5;
/** A poll that takes as long as its interval leaves some time to others. */
const leastPauseSeconds = 0.1;
/** To look for files takes at most this part of the time. */
const discoveryShare = 1 / 20;
/** After so many looks that saw all folders, what an earlier exporter knew of files that are not there is forgotten. */
const restoredLooks = 3;
const patientLooks = 30;
const stopSeconds = 2;

export function startFileSources(settings: FileSourceSettings, deps: FileSourceDeps): FileSources {
  const { ledger, clock, log, fs = diskFileSystem, restored: before = emptyFileState } = deps;
  const gate = createGate({ patienceSeconds: settings.patienceSeconds });
  const troubles = createTroubleLog({ log, ledger });
  const table = createFileTable(settings.maxFiles, ledger);
  const reader = createTailReader({ fs, gate });
  const inspection = createTailInspection({ ...settings, fs, gate, reader, ledger, onRotated });
  const disks = createLocalDisks({ fs, gate });
  const look = createLookAtTails({ fs, gate, disks });
  const pollTails = createTailPoll({ ...settings, look, reader, inspection, ledger, troubles, clock });
  const proc = deps.procFiles ?? procFiles;
  const writers = createWriterProcesses(settings, { ...proc, readMemory });
  const restored = createRestoredFiles(before.files);
  const { hasRoom, add } = table;
  const kindOf = createFileKinds(settings.logNames);
  const visitRun = createVisitRun(
    { ...settings, kindOf },
    { ...deps, ...settings, fs, gate, restored, hasRoom, onFollow: add },
  );
  const discoverFiles = createDiscovery(settings, {
    ...deps,
    table,
    visitRun,
    fs,
    gate,
    troubles,
    disks,
    listings: createListings(clock),
    restoredRuns: new Map(before.runs.map((run) => [run.key, run])),
    walkLimits: deps.walkLimits ?? walkLimits,
  });
  let looks = 0;
  let hasDiscovered = false;
  let isReady = false;
  /** Files are read by one at a time. */
  let lastWork: Promise<unknown> = Promise.resolve();

  /** A process that hangs may hold its memory. */
  function readMemory(path: string, limit: number): Promise<Buffer | undefined> {
    return gate.run(path, () => proc.readMemory(path, limit)).catch(() => undefined);
  }

  function onRotated(tail: Tail): void {
    const file = table.ofTail(tail);
    if (file !== undefined) rememberFormer(file.run, tail);
  }

  function inTurn<T>(work: () => Promise<T> | T): Promise<T> {
    const done = lastWork.then(work);
    lastWork = done.catch(() => undefined);
    return done;
  }

  async function discover(): Promise<void> {
    looks += (await discoverFiles()) ? 1 : 1 / patientLooks;
    if (looks >= restoredLooks) restored.clear();
    hasDiscovered = true;
    await tellWriters(table.runs.values(), writers);
  }

  /** Returns whether something is left to be read. */
  async function lookAtFiles(isDue: (tail: Tail) => boolean): Promise<boolean> {
    const startedAt = clock.monotonic();
    const wasDiscovered = hasDiscovered;
    const due = [...table.files()].map(({ tail }) => tail).filter(isDue);
    const { gone, isBehind } = await pollTails(due);
    for (const tail of gone) removeGone(tail);
    removeRefused();
    table.removeOld(clock.now() - settings.maxAgeSeconds);
    // Before the first look it is not known how much there is to read.
    if (wasDiscovered) table.count();
    ledger.polled(clock.monotonic() - startedAt);
    isReady ||= wasDiscovered;
    return isBehind;
  }

  function removeGone(tail: Tail): void {
    if (unreadBytes(tail) > 0) ledger.problem(tail.kind, 'skipped');
    const file = table.ofTail(tail);
    if (file !== undefined) table.remove(file);
  }

  /** A log for whose run there is no room; it is read again when there is. */
  function removeRefused(): void {
    for (const file of table.files()) {
      if (!file.voice.isRefused()) continue;
      table.remove(file);
      file.run.former.delete(file.tail.identity);
      file.run.isRefused = true;
    }
  }

  const polling = createRepeat(async () => {
    const now = clock.monotonic();
    const isBehind = await inTurn(() => lookAtFiles(({ nextLookAt }) => nextLookAt <= now));
    if (isBehind) return Math.min(catchUpPauseSeconds, settings.pollSeconds);
    // From start to start, so that nothing waits for longer than one interval.
    return Math.max(leastPauseSeconds, settings.pollSeconds - (clock.monotonic() - now));
  });
  const discovery = createRepeat(async () => {
    const startedAt = clock.monotonic();
    await discover();
    // New files are due at once.
    polling.soon();
    return Math.max(settings.discoverySeconds, (clock.monotonic() - startedAt) / discoveryShare);
  });

  async function pollFiles(): Promise<void> {
    await inTurn(() => lookAtFiles(() => true));
  }

  return {
    poll: async () => {
      await discover();
      await pollFiles();
    },
    pollFiles,
    start: () => {
      discovery.start();
      polling.start();
    },
    stop: async () => {
      await Promise.all([discovery.stop(stopSeconds), polling.stop(stopSeconds)]);
    },
    save: () => saveFiles({ files: table.files(), runs: table.runs.values(), restored: restored.left() }),
    isReady: () => isReady,
    files: () => [...table.files()].map(({ run, tail }) => reportOf(run.identity.run, tail)),
    renewDecoders: () =>
      inTurn(() => {
        for (const { tail } of table.files()) renewDecoder(tail);
      }),
  };
}

function reportOf(run: string, tail: Tail): FileReport {
  const { path, kind, size, position, decoder } = tail;
  return { run, path, kind, size, position, isDead: decoder.isDead() };
}
