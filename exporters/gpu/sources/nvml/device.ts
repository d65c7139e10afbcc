import { type Calls, createCalls, type DeviceDeps } from './calls.ts';
import { createFieldBatch, type Field, type FieldBatch, type FieldBatchOptions } from './fields.ts';
import { classOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';

/**
 * Calls to one GPU. Each returns undefined if the GPU does not have the value or the call failed; `takeError` tells the two apart.
 * Calls throw GpuUnavailable if the GPU as a whole is gone, DriverUnavailable if the driver is.
 */
export interface Device {
  u32(symbol: SymbolName, ...selectors: readonly number[]): number | undefined;
  u32Pair(symbol: SymbolName): readonly [number, number] | undefined;
  /** What a function gives through `count` pointers to a u32. */
  u32List(symbol: SymbolName, count: number): readonly number[] | undefined;
  u64(symbol: SymbolName, ...selectors: readonly number[]): bigint | undefined;
  /** A u32 that cannot change while the driver is loaded; asked for until it was read once. */
  constant(symbol: SymbolName, ...selectors: readonly number[]): number | undefined;
  /** A text that cannot change while the driver is loaded; asked for until it was read once. */
  text(symbol: SymbolName, capacity: number): string | undefined;
  /** A struct of `size` bytes; with a `version` it is sent as NVML's versioned structs want it. Valid until the next call. */
  struct(symbol: SymbolName, layout: { readonly size: number; readonly version?: number }): Buffer | undefined;
  /** Values that are read together, in one call. */
  fields(fields: readonly Field[], options: FieldBatchOptions): FieldReader;
  /** The first of these ways that the GPU knows. A way that fails is not followed by the next. */
  first<T>(...ways: readonly (() => T | undefined)[]): T | undefined;
  /** Takes note of a call past this interface that failed; throws if its code concerns more than the call. */
  failed(symbol: SymbolName, code: number): void;
  /** The code of the first call that failed since the last `takeError`; undefined if all worked or are not supported. */
  takeError(): number | undefined;
}

export interface FieldReader {
  /** Reads all of them anew. */
  refresh(): void;
  /** What the last `refresh` brought. */
  read(field: Field): number | undefined;
}

export function createDevice(deps: DeviceDeps): Device {
  const calls = createCalls(deps);
  const constants = new Map<string, number | string>();
  const structs = new Map<SymbolName, Buffer>();
  const [low, high, wide] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.alloc(8)];

  function u32(symbol: SymbolName, ...selectors: readonly number[]): number | undefined {
    return calls.made(symbol, selectors, low) ? low.readUInt32LE() : undefined;
  }

  function once<T extends number | string>(
    key: string,
    isKind: (value: unknown) => value is T,
    read: () => T | undefined,
  ): T | undefined {
    const known = constants.get(key);
    if (isKind(known)) return known;
    const value = read();
    if (value !== undefined) constants.set(key, value);
    return value;
  }

  return {
    u32,
    u32Pair: (symbol) => (calls.made(symbol, [], low, high) ? [low.readUInt32LE(), high.readUInt32LE()] : undefined),
    u32List(symbol, count) {
      const outputs = Array.from({ length: count }, () => Buffer.alloc(4));
      return calls.made(symbol, [], ...outputs) ? outputs.map((output) => output.readUInt32LE()) : undefined;
    },
    u64: (symbol, ...selectors) => (calls.made(symbol, selectors, wide) ? wide.readBigUInt64LE() : undefined),
    constant: (symbol, ...selectors) => once(`${symbol} ${selectors}`, isNumber, () => u32(symbol, ...selectors)),
    text: (symbol, capacity) =>
      once(symbol, isString, () => {
        const text = Buffer.alloc(capacity);
        return calls.made(symbol, [], text, capacity) ? textOf(text) : undefined;
      }),
    struct(symbol, { size, version }) {
      const buffer = structs.get(symbol) ?? Buffer.alloc(size);
      structs.set(symbol, buffer);
      buffer.fill(0);
      if (version !== undefined) buffer.writeUInt32LE(size | (version << 24));
      return calls.made(symbol, [], buffer) ? buffer : undefined;
    },
    fields: (fields, options) => createFieldReader(deps, calls, createFieldBatch(fields, options)),
    first(...ways) {
      const failuresBefore = calls.failures();
      for (const way of ways) {
        const value = way();
        if (value !== undefined || calls.failures() !== failuresBefore) return value;
      }
      return undefined;
    },
    failed: calls.failed,
    takeError: calls.takeError,
  };
}

/** Bytes up to the first 0; undefined if there are none. */
export function textOf(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(0);
  const text = bytes.toString('utf8', 0, end === -1 ? bytes.length : end).trim();
  return text === '' ? undefined : text;
}

function createFieldReader({ library, handle }: DeviceDeps, calls: Calls, batch: FieldBatch): FieldReader {
  const symbol = 'nvmlDeviceGetFieldValues';
  let batchCode: number = returnCode.success;

  return {
    refresh() {
      batchCode = batch.fill((count, entries) => library.call(symbol, handle, count, entries));
    },
    read(field) {
      if (classOf(batchCode) === 'unsupported') return undefined;
      if (batchCode !== returnCode.success) return failedWith(batchCode);
      const answer = batch.answer(field);
      if (answer === 'unsupported') return undefined;
      return typeof answer === 'number' ? answer : failedWith(answer.code);
    },
  };

  function failedWith(code: number): undefined {
    calls.failed(symbol, code);
    return undefined;
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
