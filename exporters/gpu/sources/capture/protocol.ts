import { returnCode } from '../nvml/return-codes.ts';
import type { SymbolName } from '../nvml/symbols.ts';
import type { Call } from './call.ts';
import type { Answer } from './capture.ts';
import { eventSet, gpmSample, type Handles } from './handles.ts';

/** How the answers to one kind of call are taken down and given back. */
export interface Protocol {
  /** Makes the call, takes down what it answered, and returns its code. */
  readonly record: (call: Call, make: () => number, recording: Recording) => number;
  /** Writes the answer into the buffers of the call and returns its code. */
  readonly replay: (call: Call, playback: Playback) => number;
}

export interface Recording {
  readonly handles: Handles;
  /** Replaces what was kept under the key before in this round. */
  readonly keep: (device: string, key: string, answer: Answer) => void;
}

export interface Playback {
  readonly handles: Handles;
  readonly answer: (device: string, key: string) => Answer | undefined;
  /** The code for a call that the capture does not tell of. */
  readonly missing: (symbol: SymbolName) => number;
}

/** The device that a call is about; undefined if its handle stands for nothing. */
export function deviceOf({ handles: [handle] }: Call, handles: Handles): string | undefined {
  if (handle === undefined) return 'system';
  const name = handles.nameOf(handle);
  return name === eventSet || name === gpmSample ? 'system' : name;
}

/** For handles that stand for nothing. */
export const badHandle = returnCode.invalidArgument;
/** The caller's memory cannot take the answer. */
export const tooSmall = returnCode.insufficientSize;
