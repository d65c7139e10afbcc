import { basename } from 'node:path';
import type { CreateDecoder } from '../../decoders/file-decoder.ts';
import type { Journal, RunIdentity } from '../../journal.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import type { SourceLedger } from '../../source-ledger.ts';
import type { CheckpointWatch } from './checkpoint-watch.ts';
import { type EventFileWriter, writerOfEventFile } from './event-file-name.ts';
import type { FileFacts } from './file-system.ts';
import type { RunMatch } from './find-runs.ts';
import { jobIdOfPath } from './run-identity.ts';
import { createTail, type ResumePoint, resumePointOf, type Tail, type TailKind } from './tail.ts';
import type { TrainerStateWatch } from './trainer-state-watch.ts';
import { createVoice, decoderFactory, type Voice } from './voice.ts';

export interface FollowedFile {
  readonly run: FollowedRun;
  readonly tail: Tail;
  readonly voice: Voice;
  /** Of an event file whose name tells. */
  readonly writer: EventFileWriter | undefined;
}

/** A run folder, or a file that is a run of its own, with what is followed of it. */
export interface FollowedRun {
  match: RunMatch;
  identity: RunIdentity;
  /** By path. */
  readonly files: Map<string, FollowedFile>;
  /** Files that were read and have another name now, or none, by identity. */
  readonly former: Map<string, ResumePoint>;
  readonly checkpoints: CheckpointWatch;
  readonly trainerState: TrainerStateWatch;
  /** The journal took no further run. */
  isRefused: boolean;
  /** The event file that was followed last; files are followed in the order in which they were written. */
  lastEventFile: Tail | undefined;
  /** Whether its writer was said to be alive or gone. */
  hasToldWriter: boolean;
  /** Looks in which no pattern matched it. */
  missedLooks: number;
}

/** Of one run; more come only from a rotation that goes on faster than anybody looks. */
const maxFormer = 32;

export interface FollowDeps {
  readonly journal: Journal;
  readonly tags: TagMap;
  readonly ledger: SourceLedger;
  readonly decoders: Readonly<Record<TailKind, CreateDecoder>>;
  readonly onFollow: (file: FollowedFile) => void;
  readonly jobIdPattern: RegExp;
  readonly catchUpBytes: number;
}

interface NewFile {
  readonly path: string;
  readonly realPath: string;
  readonly kind: TailKind;
  readonly facts: FileFacts;
  readonly hotUntil: number;
  readonly saved: (ResumePoint & { readonly isOpen?: boolean }) | undefined;
}

/** Undefined where the journal takes no further run. */
export function followFile(run: FollowedRun, file: NewFile, deps: FollowDeps): FollowedFile | undefined {
  const { path, realPath, kind, facts, hotUntil, saved } = file;
  const { journal, tags, ledger, jobIdPattern, catchUpBytes, onFollow } = deps;
  const writer = kind === 'event_files' ? writerOfEventFile(basename(path)) : undefined;
  const identity = () => ({
    ...run.identity,
    jobId: jobIdOfPath(path, jobIdPattern) || run.identity.jobId,
    host: writer?.host ?? '',
  });
  const voice = createVoice({ journal, kind, id: path, identity });
  // A log shows by its words whether it is of a training; the other kinds are so by their names.
  const isCertain = kind !== 'logs' || saved?.isOpen === true || run.isRefused;
  if (isCertain && !voice.open()) return undefined;
  run.isRefused = false;
  const newDecoder = decoderFactory(deps.decoders[kind], { stream: voice.stream, tags, kind, ledger });
  const readAfter = kind === 'event_files' && run.lastEventFile?.isFirstRead === true ? run.lastEventFile : undefined;
  const start = { path, realPath, kind, voice: { newDecoder }, facts, catchUpBytes, hotUntil, saved, readAfter };
  const tail = createTail(start);
  if (tail.isInsideLine && saved === undefined) ledger.problem(kind, 'skipped');
  if (kind === 'event_files') run.lastEventFile = tail;
  const followed = { run, tail, voice, writer };
  run.files.set(path, followed);
  onFollow(followed);
  return followed;
}

/** A file that comes back under another name is not read again. */
export function rememberFormer(run: FollowedRun, tail: Tail): void {
  run.former.set(tail.identity, resumePointOf(tail));
  const [oldest] = run.former.keys();
  if (run.former.size > maxFormer && oldest !== undefined) run.former.delete(oldest);
}
