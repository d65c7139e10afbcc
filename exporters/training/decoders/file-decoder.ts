import type { RunStream } from '../journal.ts';
import type { TagMap } from '../schema/tag-map.ts';
import type { ProblemReason } from '../source-ledger.ts';

/** Turns the bytes of one file, in order and in pieces of any size, into what its stream is told. No input or output of its own. */
export interface FileDecoder {
  /** The bytes that follow those of the last call. They are valid during the call only. Never throws, whatever they are. */
  readonly push: (bytes: Uint8Array) => void;
  /** Everything that is there has been pushed. `readAtSeconds` is undefined while old data are caught up with. */
  readonly settle: (readAtSeconds: number | undefined) => void;
  /** Bytes at the end of what was pushed that belong to an unfinished record; after a restart reading goes on before them. */
  readonly pendingBytes: () => number;
  /** True if nothing that follows can be understood. */
  readonly isDead: () => boolean;
  /** What a decoder of the same file needs to go on from its offset after a restart, as JSON. */
  readonly save: () => unknown;
}

export interface DecoderContext {
  readonly stream: RunStream;
  readonly tags: TagMap;
  readonly onRecord: (count: number) => void;
  readonly onProblem: (reason: ProblemReason) => void;
  /** What `save` of an earlier decoder of the file gave; anything at all if the state file was damaged. */
  readonly saved?: unknown;
}

export type CreateDecoder = (context: DecoderContext) => FileDecoder;
