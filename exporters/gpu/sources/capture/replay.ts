import type { Library } from '../nvml/library.ts';
import { returnCode } from '../nvml/return-codes.ts';
import { describeCall } from './call.ts';
import type { Answer, Capture, Rounds } from './capture.ts';
import { createHandles } from './handles.ts';
import type { Playback } from './protocol.ts';
import { protocolOf } from './protocols/index.ts';

export interface ReplayLibrary extends Library {
  /** Answers as in the next round; after the last one nothing changes any more. */
  readonly nextRound: () => void;
}

/** A library that answers as a capture tells. What the capture does not tell of is not supported. */
export function replayLibrary(capture: Capture): ReplayLibrary {
  const symbols = new Set(capture.symbols);
  let round = 0;
  const playback: Playback = {
    handles: createHandles(),
    answer: (device, key) => answerIn(capture.devices.get(device)?.get(key) ?? [], round),
    missing: (symbol) => (symbols.has(symbol) ? returnCode.notSupported : returnCode.functionNotFound),
  };
  return {
    name: `a capture (${capture.origin})`,
    call: (symbol, ...args) => protocolOf(symbol).replay(describeCall(symbol, args), playback),
    nextRound() {
      round = Math.min(round + 1, capture.rounds - 1);
    },
  };
}

/** The answer of the round; else the last one before it, else the first one after it. */
function answerIn(rounds: Rounds, round: number): Answer | undefined {
  return (
    rounds.slice(0, round + 1).findLast((answer) => answer !== undefined) ??
    rounds.find((answer) => answer !== undefined)
  );
}
