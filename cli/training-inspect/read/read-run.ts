import { basename } from 'node:path';
import type { SourceKind } from '../../../exporters/training/journal.ts';
import { createRunBook, type ShownRun } from '../../../exporters/training/runs/run-book.ts';
import type { RunModel } from '../../../exporters/training/runs/run-state.ts';
import type { TagMap } from '../../../exporters/training/schema/tag-map.ts';
import { createSourceLedger, type SourceCounts } from '../../../exporters/training/source-ledger.ts';
import { fileSourceSettings } from '../../../exporters/training/sources/files/file-source-settings.ts';
import { type FileReport, startFileSources } from '../../../exporters/training/sources/files/file-sources.ts';
import type { FileSystem } from '../../../exporters/training/sources/files/file-system.ts';
import type { RunMatch } from '../../../exporters/training/sources/files/find-runs.ts';
import type { ProcFiles } from '../../../exporters/training/sources/files/proc-file.ts';
import type { RunPattern } from '../../../exporters/training/sources/files/run-pattern.ts';
import { decoders, tellState } from '../../../exporters/training/sources/files/training-files.ts';
import type { Clock } from '../../../kit/clock.ts';
import type { RunSurvey } from '../find/survey.ts';
import type { InspectOptions } from '../options.ts';
import { type Curve, createCurve } from './curve.ts';
import { createFileNotes, type FileNote } from './file-notes.ts';
import { createRecording, type Recording } from './recording-journal.ts';
import { createTagNotes, type TagNotes } from './tag-notes.ts';
import { addTrainerHistory } from './trainer-history.ts';
import { createUnreadPaths, type UnreadPath } from './unread-paths.ts';

export interface ReadDeps {
  readonly clock: Clock;
  readonly fs: FileSystem;
  readonly procFiles: ProcFiles;
  readonly tags: TagMap;
  readonly modelOf: (run: string) => RunModel | undefined;
  readonly hostName: string;
  readonly onBytes: (count: number) => void;
}

/** All that was learned of a run. */
export interface ReadRun {
  readonly survey: RunSurvey;
  /** As the exporter would show it; undefined if it would not. */
  readonly shown: ShownRun | undefined;
  readonly recording: Recording;
  readonly tags: TagNotes;
  readonly files: readonly ReadFile[];
  readonly counts: SourceCounts;
  readonly unreadPaths: readonly UnreadPath[];
  /** What a trainer_state.json says of all steps. */
  readonly history: { readonly loss: Curve; readonly evalLoss: Curve };
}

export interface ReadFile extends FileReport {
  readonly note: FileNote | undefined;
}

/** Options of the exporter that say nothing about reading. */
const unused = { 'runs.paths': [], 'config.check': false, 'config.schema': false, 'list-metrics': false } as const;

/** Reads a run once, by the sources, decoders and the book of the exporter. Files of any age are read, and event files to their ends. */
export async function readRun(
  survey: RunSurvey,
  otherRuns: ReadonlySet<string>,
  options: InspectOptions,
  deps: ReadDeps,
): Promise<ReadRun> {
  const { clock, procFiles, hostName } = deps;
  const ledger = createSourceLedger();
  const bookClock = createBookClock(clock, survey.newestSeconds);
  const book = createRunBook(bookSettings(options), { clock: bookClock, ledger, modelOf: deps.modelOf });
  const tags = createTagNotes(deps.tags);
  const recording = createRecording(book, tags);
  const own = new Set(survey.matches.map(({ path }) => path));
  const isHidden = (path: string): boolean => otherRuns.has(path) && !own.has(path);
  const notes = createFileNotes({ fs: deps.fs, decoders, isHidden, onBytes: deps.onBytes });
  const unread = createUnreadPaths();
  const history = { loss: createCurve(), evalLoss: createCurve() };
  const sources = startFileSources(
    {
      ...fileSourceSettings({ ...options, ...unused }, { workingFolder: '/', hostName }),
      patterns: survey.matches.map(patternOf),
      maxAgeSeconds: Number.POSITIVE_INFINITY,
      budgetBytes: Number.POSITIVE_INFINITY,
    },
    {
      journal: recording.journal,
      tags: tags.tags,
      ledger,
      clock,
      log: unread.log,
      fs: notes.fs,
      decoders: notes.decoders,
      procFiles,
      tellTrainerState: (text, stream) => {
        addTrainerHistory(text, history);
        return tellState(text, stream);
      },
    },
  );
  await sources.poll();
  // A trainer_state.json that is no JSON may be half written and counts as bad only when it is so again.
  if (survey.kinds.has('trainer_state') && !ledger.counts().records.has('trainer_state')) await sources.poll();
  bookClock.catchUp();
  recording.settle(clock.now());
  book.expire();
  return {
    survey,
    shown: book.shown()[0],
    recording,
    tags,
    files: sources.files().map((file) => ({ ...file, note: notes.ofFile(file.path) })),
    counts: ledger.counts(),
    unreadPaths: unread.list(),
    history,
  };
}

/** What is read and says no time was written when the run wrote last, and not when somebody looked at it. */
function createBookClock(
  { now, monotonic }: Clock,
  writtenAt: number | undefined,
): Clock & { readonly catchUp: () => void } {
  let isPast = true;
  return {
    now: () => (isPast ? Math.min(now(), writtenAt ?? Number.POSITIVE_INFINITY) : now()),
    monotonic,
    catchUp: () => {
      isPast = false;
    },
  };
}

function bookSettings(options: InspectOptions): Parameters<typeof createRunBook>[0] {
  return {
    maxRuns: 1,
    idleSeconds: options['runs.idle-after'],
    retentionSeconds: Number.POSITIVE_INFINITY,
    maxScalars: options['scalars.max'],
    maxRanks: options['ranks.max'],
  };
}

/** Matches one path alone and gives the run the name that it has by the whole pattern. */
function patternOf({ path, name, isNamedFile }: RunMatch): RunPattern {
  const names = path.endsWith(`/${name}`) ? name : basename(path);
  const base = path.slice(0, -names.length - 1) || '/';
  const parts = names.split('/').map((each) => ({ is: 'name', name: each }) as const);
  return { base, parts, isForFolders: false, namesFiles: isNamedFile };
}

/** Of two kinds of sources that tell of a loss the leading one, as the exporter has it. */
export function curvesOf({ recording, shown, history }: ReadRun): {
  readonly axis: 'step' | 'report';
  readonly loss: Curve;
  readonly evalLoss: Curve;
} {
  const primary = shown?.state.progress.primary;
  const chosen = chooseKind(recording, primary);
  if (chosen === undefined) return { axis: 'step', ...history };
  const loss = recording.curves('loss').get(chosen);
  const evalLoss = recording.curves('eval_loss').get(chosen) ?? [...recording.curves('eval_loss').values()][0];
  const none = createCurve();
  const hasSteps = loss !== undefined && loss.bySteps.parts().length > 0;
  if (hasSteps) return { axis: 'step', loss: loss.bySteps, evalLoss: evalLoss?.bySteps ?? none };
  if (loss === undefined) return { axis: 'step', loss: none, evalLoss: evalLoss?.bySteps ?? none };
  return { axis: 'report', loss: loss.byReports, evalLoss: none };
}

/** Undefined where only a trainer_state.json tells of a loss. */
function chooseKind(recording: Recording, primary: SourceKind | undefined): SourceKind | undefined {
  const kinds = [...recording.curves('loss').keys(), ...recording.curves('eval_loss').keys()].filter(
    (kind) => kind !== 'trainer_state',
  );
  return kinds.find((kind) => kind === primary && recording.curves('loss').has(kind)) ?? kinds[0];
}
