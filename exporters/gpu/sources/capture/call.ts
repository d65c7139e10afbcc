import type { Argument } from '../nvml/library.ts';
import { type SymbolName, symbols } from '../nvml/symbols.ts';

/** A call with its arguments sorted by what they are for. */
export interface Call {
  readonly symbol: SymbolName;
  readonly handles: readonly bigint[];
  /** Numbers that choose what is asked for. */
  readonly selectors: readonly (number | bigint)[];
  /** Memory that the call writes, and reads where it is told to. */
  readonly buffers: readonly Buffer[];
  /** The one buffer is for a text, and its size was an argument too. */
  readonly isText: boolean;
}

/** Offsets of numbers in a struct that choose what is asked for, as the sensor of nvmlTemperature_v1_t does. */
const structSelectors: { readonly [S in SymbolName]?: readonly number[] } = { nvmlDeviceGetTemperatureV: [4] };

export function describeCall(symbol: SymbolName, args: readonly Argument[]): Call {
  const types: readonly string[] = symbols[symbol];
  const isText = types.at(-2) === 'void *' && types.at(-1) === 'uint32';
  const handles: bigint[] = [];
  const selectors: (number | bigint)[] = [];
  const buffers: Buffer[] = [];
  args.forEach((arg, position) => {
    const isSize = isText && position === args.length - 1;
    if (typeof arg === 'object') buffers.push(arg);
    else if (types[position] === 'uintptr_t') handles.push(BigInt(arg));
    else if (types[position] !== 'void *' && !isSize) selectors.push(arg);
  });
  return { symbol, handles, selectors, buffers, isText };
}

/** Name of the call under which its answer is kept: the function, the version of its struct, and its selectors. */
export function keyOf(call: Call): string {
  return [call.symbol, ...versionsOf(call), ...call.selectors, ...chosenInStruct(call)].join(' ');
}

/** NVML's versioned structs start with their size and, in the highest byte, their version. */
function versionsOf({ buffers }: Call): readonly string[] {
  return buffers.flatMap((buffer) => {
    // Shorter ones hold a number, and whatever number was in them before.
    if (buffer.length <= 8) return [];
    const [size, version] = [buffer.readUIntLE(0, 3), buffer.readUInt8(3)];
    return size === buffer.length && version > 0 ? [`v${version}`] : [];
  });
}

function chosenInStruct({ symbol, buffers: [struct] }: Call): readonly number[] {
  const offsets = structSelectors[symbol] ?? [];
  return offsets.map((offset) =>
    struct !== undefined && struct.length >= offset + 4 ? struct.readUInt32LE(offset) : 0,
  );
}
