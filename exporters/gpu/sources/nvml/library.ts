import koffi, { type LibraryHandle } from 'koffi';
import { reasonOf } from '../../../../kit/errors.ts';
import { returnCode } from './return-codes.ts';
import { type SymbolName, symbols } from './symbols.ts';
import { DriverUnavailable } from './unavailable.ts';

/** A C argument: a number, a handle that NVML gave, or memory that the call reads and writes. */
export type Argument = number | bigint | Buffer;

type NvmlFunction = (...args: readonly Argument[]) => unknown;

export interface Library {
  /** The name under which it was found. */
  readonly name: string;
  /** Calls a function and returns its nvmlReturn_t; a function that this library lacks answers FUNCTION_NOT_FOUND. */
  call(symbol: SymbolName, ...args: readonly Argument[]): number;
}

/** Loads the first of the libraries that is there and is an NVML. Throws DriverUnavailable that says why each was turned down. */
export function loadLibrary(names: readonly string[]): Library {
  const absent: string[] = [];
  const refused: string[] = [];
  for (const name of names) {
    const found = open(name);
    if (typeof found !== 'string') return found;
    if (found.includes('No such file')) absent.push(name);
    else refused.push(`${name} cannot be used (${found})`);
  }
  const reasons = [...refused, ...(absent.length === 0 ? [] : [`not there: ${absent.join(', ')}`])];
  throw new DriverUnavailable(
    'library_not_found',
    `no NVML library (${reasons.join('; ')}); install the NVIDIA driver, in a container set ` +
      'NVIDIA_DRIVER_CAPABILITIES=utility and use the NVIDIA runtime, or give the path of libnvidia-ml.so.1 with --nvml.library',
  );
}

function open(name: string): Library | string {
  let handle: LibraryHandle;
  try {
    handle = koffi.load(name, { lazy: true });
  } catch (error) {
    return reasonOf(error);
  }
  const functions = bind(handle);
  if (!functions.has('nvmlInit_v2') && !functions.has('nvmlInit')) return 'it has no function nvmlInit';
  return {
    name,
    call(symbol, ...args) {
      const bound = functions.get(symbol);
      return bound === undefined ? returnCode.functionNotFound : Number(bound(...args));
    },
  };
}

// Which functions exist differs between driver branches, and a version number does not tell, so each one is looked up.
function bind(handle: LibraryHandle): Map<string, NvmlFunction> {
  const functions = new Map<string, NvmlFunction>();
  for (const [symbol, args] of Object.entries(symbols)) {
    try {
      functions.set(symbol, handle.func(symbol, 'int', [...args]));
    } catch {
      // Absent: call() answers FUNCTION_NOT_FOUND, as NVML itself does for what it lacks.
    }
  }
  return functions;
}
