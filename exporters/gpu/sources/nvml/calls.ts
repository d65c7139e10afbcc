import type { Argument, Library } from './library.ts';
import { classOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';
import { driverUnavailable, GpuUnavailable } from './unavailable.ts';

export interface DeviceDeps {
  readonly library: Pick<Library, 'call'>;
  readonly handle: bigint;
  /** Functions whose struct version this driver turned down; shared by all GPUs of the driver. */
  readonly refused: Set<SymbolName>;
}

/** Calls to one GPU, with a memory of what it does not support and of what failed. */
export interface Calls {
  /**
   * Makes the call unless it is known not to be supported; true if the outputs hold an answer. A call with selectors is tried again now
   * and then, because what it selects may come, such as a link that was down.
   */
  made(symbol: SymbolName, selectors: readonly number[], ...outputs: readonly Argument[]): boolean;
  /** Deals with a code other than success; a code that concerns more than this call is thrown. */
  failed(symbol: SymbolName, code: number): void;
  failures(): number;
  takeError(): number | undefined;
}

const retryAfterCalls = 20;

export function createCalls({ library, handle, refused }: DeviceDeps): Calls {
  /** By call, how many times more it is left out. */
  const unsupported = new Map<string, number>();
  let failures = 0;
  let firstError: number | undefined;

  function failed(symbol: SymbolName, code: number): void {
    const kind = classOf(code);
    if (kind === 'lifecycle') throw driverUnavailable(symbol, code);
    if (kind === 'gpu-fatal') throw new GpuUnavailable(code);
    failures += 1;
    firstError ??= code;
  }

  function isLeftOut(key: string): boolean {
    const times = unsupported.get(key) ?? 0;
    if (times > 0) unsupported.set(key, times - 1);
    return times > 0;
  }

  return {
    made(symbol, selectors, ...outputs) {
      const key = `${symbol} ${selectors}`;
      if (refused.has(symbol) || isLeftOut(key)) return false;
      const code = library.call(symbol, handle, ...selectors, ...outputs);
      if (code === returnCode.success) return true;
      if (code === returnCode.argumentVersionMismatch) refused.add(symbol);
      else if (isUnsupported(code, selectors)) unsupported.set(key, timesLeftOut(selectors));
      else failed(symbol, code);
      return false;
    },
    failed,
    failures: () => failures,
    takeError() {
      const error = firstError;
      firstError = undefined;
      return error;
    },
  };
}

function timesLeftOut(selectors: readonly number[]): number {
  return selectors.length > 0 ? retryAfterCalls : Number.POSITIVE_INFINITY;
}

/** A selector, such as a threshold, that is newer than the driver is an invalid argument to it. */
function isUnsupported(code: number, selectors: readonly number[]): boolean {
  return classOf(code) === 'unsupported' || (code === returnCode.invalidArgument && selectors.length > 0);
}
