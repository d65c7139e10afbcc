import type { KernelMessage } from './kernel-message.ts';

/** A bounded piece of a log. */
export interface LogPiece {
  readonly messages: readonly KernelMessage[];
  /** The messages were there before the reading began. */
  readonly isBacklog: boolean;
  /** There may be more to read at once. */
  readonly isBehind: boolean;
  /** Nobody writes to the log now. */
  readonly isSilent: boolean;
  /** Messages that the kernel wrote over before they were read. */
  readonly missed: number;
}

export interface LogReader {
  /** Reads on; never waits for something to be written. Throws a SourceError if the log cannot be read, and tries anew the next time. */
  readonly poll: () => Promise<LogPiece>;
  readonly close: () => Promise<void>;
}
