import type { Library } from '../nvml/library.ts';
import { returnCode } from '../nvml/return-codes.ts';
import { describeCall } from './call.ts';
import type { Answer, Capture, CaptureOrigin } from './capture.ts';
import { createHandles } from './handles.ts';
import { protocolOf } from './protocols/index.ts';

export interface RecordingLibrary extends Library {
  /** From now on answers are those of a later moment and stand beside those from before. */
  readonly nextRound: () => void;
  /** What was answered until now, with the names of GPUs and processes as they are. */
  readonly capture: (origin: CaptureOrigin) => Capture;
}

/** A library that calls another one and takes down what it answers. */
export function recordingLibrary(library: Library): RecordingLibrary {
  const handles = createHandles();
  const symbols = new Set<string>();
  const devices = new Map<string, Map<string, (Answer | undefined)[]>>();
  let round = 0;

  function keep(device: string, key: string, answer: Answer): void {
    const calls = devices.get(device) ?? new Map<string, (Answer | undefined)[]>();
    const rounds = calls.get(key) ?? [];
    rounds[round] = answer;
    devices.set(device, calls.set(key, rounds));
  }

  return {
    name: library.name,
    call(symbol, ...args) {
      const make = () => library.call(symbol, ...args);
      const code = protocolOf(symbol).record(describeCall(symbol, args), make, { handles, keep });
      if (code !== returnCode.functionNotFound) symbols.add(symbol);
      return code;
    },
    nextRound() {
      round += 1;
    },
    capture: (origin) => ({
      origin,
      symbols: [...symbols].sort(),
      rounds: round + 1,
      devices: new Map(
        [...devices].map(([device, calls]) => [
          device,
          new Map([...calls].map(([key, rounds]) => [key, Array.from({ length: round + 1 }, (_, at) => rounds[at])])),
        ]),
      ),
    }),
  };
}
