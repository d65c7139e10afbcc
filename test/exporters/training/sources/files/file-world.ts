import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSourceLedger, type SourceLedger } from '../../../../../exporters/training/source-ledger.ts';
import type { FileSourceSettings } from '../../../../../exporters/training/sources/files/file-source-settings.ts';
import {
  type FileSourceDeps,
  type FileSources,
  startFileSources,
} from '../../../../../exporters/training/sources/files/file-sources.ts';
import type { FileState } from '../../../../../exporters/training/sources/files/file-state.ts';
import { checkJobIdPattern } from '../../../../../exporters/training/sources/files/run-identity.ts';
import { parseRunPattern } from '../../../../../exporters/training/sources/files/run-pattern.ts';
import type { Clock } from '../../../../../kit/clock.ts';
import { createLog } from '../../../../../kit/log.ts';
import { createFakeJournal, type FakeJournal, type OpenedStream } from '../../../../support/fake-journal.ts';
import { createFakeDecoder } from './fake-decoder.ts';

export const host = 'node7';

/** A temporary folder of runs and what follows it. */
export interface FileWorld {
  readonly folder: string;
  readonly clock: MovableClock;
  readonly path: (...names: string[]) => string;
  /** Writes a file with its folders; `agoSeconds` is how old it is. */
  readonly write: (name: string, text: string, agoSeconds?: number) => string;
  readonly append: (name: string, text: string) => void;
  readonly age: (name: string, agoSeconds: number) => void;
  readonly start: (options?: WorldOptions) => World;
  readonly remove: () => Promise<void>;
}

export interface World {
  readonly sources: FileSources;
  readonly journal: FakeJournal;
  readonly ledger: SourceLedger;
  readonly log: readonly string[];
  readonly poll: () => Promise<void>;
  /** Lines that were told, by the end of the path of their file. */
  readonly lines: (path?: string) => readonly string[];
}

export interface WorldOptions {
  readonly patterns?: readonly string[];
  readonly settings?: Partial<FileSourceSettings>;
  readonly deps?: Partial<FileSourceDeps>;
  readonly restored?: FileState;
  readonly maxRuns?: number;
}

export interface MovableClock extends Clock {
  readonly advance: (seconds: number) => void;
}

/** Beside the real time, because the kernel writes that into files. */
export function movableClock(): MovableClock {
  let ahead = 0;
  return {
    now: () => Date.now() / 1000 + ahead,
    monotonic: () => performance.now() / 1000 + ahead,
    advance: (seconds) => {
      ahead += seconds;
    },
  };
}

export function createFileWorld(): FileWorld {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runs-')));
  const clock = movableClock();
  const started: FileSources[] = [];
  const path = (...names: string[]) => join(folder, ...names);

  function age(name: string, agoSeconds: number): void {
    const at = clock.now() - agoSeconds;
    utimesSync(path(name), at, at);
  }

  return {
    folder,
    clock,
    path,
    age,
    write: (name, text, agoSeconds) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
      if (agoSeconds !== undefined) age(name, agoSeconds);
      return path(name);
    },
    append: (name, text) => appendFileSync(path(name), text),
    start: (options) => {
      const world = startWorld(folder, clock, options);
      started.push(world.sources);
      return world;
    },
    remove: async () => {
      for (const sources of started) await sources.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startWorld(
  folder: string,
  clock: Clock,
  { patterns = ['*'], settings = {}, deps = {}, restored, maxRuns = Number.POSITIVE_INFINITY }: WorldOptions = {},
): World {
  const log: string[] = [];
  const journal = createFakeJournal({ maxRuns });
  const ledger = createSourceLedger();
  const sources = startFileSources(
    {
      patterns: patterns.map((pattern) => parseRunPattern(pattern, folder)),
      depth: 6,
      maxFiles: 20_000,
      pollSeconds: 5,
      idlePollSeconds: 60,
      discoverySeconds: 30,
      maxAgeSeconds: 7200,
      logNames: ['*.log', 'log.txt'],
      catchUpBytes: 64 * 1024 * 1024,
      jobIdPattern: checkJobIdPattern('job-(?<job_id>\\d+)'),
      procfs: join(folder, '.proc'),
      hostName: host,
      patienceSeconds: 10,
      budgetBytes: 64 * 1024 * 1024,
      ...settings,
    },
    {
      journal: journal.journal,
      tags: { resolve: () => undefined, isAllowed: () => true },
      ledger,
      decoders: { event_files: createFakeDecoder, logs: createFakeDecoder, rank_logs: createFakeDecoder },
      tellTrainerState: () => false,
      clock,
      log: createLog({ level: 'debug', format: 'logfmt', daemon: 'test', write: (line) => void log.push(line) }),
      restored,
      ...deps,
    },
  );
  return {
    sources,
    journal,
    ledger,
    log,
    poll: sources.poll,
    lines: (end = '') => journal.streams.filter(({ id }) => id.endsWith(end)).flatMap(linesOf),
  };
}

export function linesOf(stream: OpenedStream): readonly string[] {
  return stream.toldAs('scalar').map(({ tag }) => tag);
}
