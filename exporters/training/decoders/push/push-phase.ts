import { pushLimits } from './protocol.ts';
import { at, optional, readFields, readList, readName, readNumber, readWhole } from './read-json.ts';

export interface PushedPhase {
  readonly phase: string;
  readonly seconds: readonly number[];
  readonly rank: number | undefined;
  readonly memoryDeltaBytes: number | undefined;
}

const keys = ['phase', 'seconds', 'rank', 'memory_delta_bytes'] as const;

/** Throws PushError. */
export function readPhase(value: unknown, path: string): PushedPhase {
  const fields = readFields(value, path, keys);
  const memory = at(path, 'memory_delta_bytes');
  return {
    phase: readName(fields['phase'], at(path, 'phase'), pushLimits.phaseCharacters),
    seconds: readSeconds(fields['seconds'], at(path, 'seconds')),
    rank: optional(fields['rank'], (given) => readWhole(given, at(path, 'rank'))),
    memoryDeltaBytes: optional(fields['memory_delta_bytes'], (given) => readNumber(given, memory, -Infinity)),
  };
}

function readSeconds(value: unknown, path: string): readonly number[] {
  if (!Array.isArray(value)) return [readNumber(value, path, 0)];
  return readList(value, path, pushLimits.values).map((one, index) => readNumber(one, `${path}[${index}]`, 0));
}
