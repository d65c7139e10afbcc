import type { CreateDecoder, DecoderContext, FileDecoder } from '../../decoders/file-decoder.ts';
import type { Journal, RunIdentity, RunStream, SourceKind } from '../../journal.ts';
import type { SourceLedger } from '../../source-ledger.ts';

/** A stream that may not be open yet. */
export interface Voice {
  readonly stream: RunStream;
  /** False where the limit of runs is reached. */
  readonly open: () => boolean;
  readonly isOpen: () => boolean;
  /** Tells the journal of an identity that is known better now. */
  readonly renew: () => void;
  /** The journal took no further run when something was to be told, which is lost. */
  readonly isRefused: () => boolean;
  readonly close: () => void;
}

interface Deps {
  readonly journal: Journal;
  readonly kind: SourceKind;
  readonly id: string;
  /** As it is known when the stream is opened. */
  readonly identity: () => RunIdentity;
}

/**
 * Opens its stream when there is something to tell: of all logs that a pattern names most may belong to other programs, and must not use up
 * the runs.
 */
export function createVoice({ journal, kind, id, identity }: Deps): Voice {
  let stream: RunStream | undefined;
  let isRefused = false;

  function open(): boolean {
    stream ??= journal.openStream(identity(), kind, id);
    isRefused = stream === undefined;
    return !isRefused;
  }

  function told(): RunStream | undefined {
    if (stream === undefined && !isRefused) open();
    return stream;
  }

  return {
    stream: {
      framework: (name) => told()?.framework(name),
      value: (quantity, value, step, timeSeconds) => told()?.value(quantity, value, step, timeSeconds),
      lossMissing: (moment) => told()?.lossMissing(moment),
      scalar: (tag, value) => told()?.scalar(tag, value),
      sessionStart: (moment) => told()?.sessionStart(moment),
      phaseTime: (time) => told()?.phaseTime(time),
      checkpoint: (checkpoint) => told()?.checkpoint(checkpoint),
      enter: (phase, details) => told()?.enter(phase, details),
      writerAlive: (alive) => stream?.writerAlive(alive),
      settle: (readAtSeconds) => stream?.settle(readAtSeconds),
      close: () => stream?.close(),
    },
    open,
    isOpen: () => stream !== undefined,
    renew: () => {
      if (stream !== undefined) stream = journal.openStream(identity(), kind, id) ?? stream;
    },
    isRefused: () => isRefused,
    close: () => {
      stream?.close();
      stream = undefined;
    },
  };
}

/** A way to new decoders of the same file. */
export function decoderFactory(
  createDecoder: CreateDecoder,
  { stream, tags, kind, ledger }: Pick<DecoderContext, 'stream' | 'tags'> & { kind: SourceKind; ledger: SourceLedger },
): (saved?: unknown) => FileDecoder {
  return (saved) =>
    createDecoder({
      stream,
      tags,
      onRecord: (count) => ledger.records(kind, count),
      onProblem: (reason) => ledger.problem(kind, reason),
      saved,
    });
}
