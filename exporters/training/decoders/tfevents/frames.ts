import type { ProblemReason } from '../../source-ledger.ts';
import { maskedCrc32c } from './crc32c.ts';

/**
 * Longer records are passed over and not kept. Far above all that holds scalars: a record with hundreds of scalars has some ten
 * kilobytes, and some megabytes where TensorFlow 1 merged images into it.
 */
export const maxRecordBytes = 16 * 1024 * 1024;
/** Protocol buffers allow no message of 2 GiB, so no writer has written such a length. */
const impossibleBytes = 2 ** 31;
const lengthBytes = 8;
const crcBytes = 4;
const headerBytes = lengthBytes + crcBytes;
/** A buffer for unfinished records up to this size is kept for the next one. */
const keptBufferBytes = 64 * 1024;

export interface FrameReader {
  readonly push: (bytes: Uint8Array) => void;
  /** Bytes of a record that is not complete yet, or all since a length that was wrong. */
  readonly pendingBytes: () => number;
  /** Nothing that follows can be found, as a length was wrong. */
  readonly isDead: () => boolean;
}

interface Deps {
  /** The data of a record, from start to end; the view is of the same bytes. Both are valid during the call only. */
  readonly onRecord: (bytes: Uint8Array, view: DataView, start: number, end: number) => void;
  readonly onProblem: (reason: ProblemReason) => void;
}

/**
 * Finds the records in pieces of a file: length in 64 bits, its checksum, data, their checksum, all little endian
 * (tensorflow/core/lib/io/record_writer.h).
 */
export function createFrameReader({ onRecord, onProblem }: Deps): FrameReader {
  /** The beginning of a record that is not complete yet. */
  let held = new Uint8Array(0);
  let heldView = viewOf(held);
  let heldBytes = 0;
  /** Of a record that is too long. */
  let bytesToSkip = 0;
  let skippedBytes = 0;
  let bytesSinceDeath: number | undefined;

  function die(bytes: number): void {
    bytesSinceDeath = bytes;
    held = new Uint8Array(0);
    onProblem('bad_length');
  }

  function record(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    if (view.getInt32(end, true) === maskedCrc32c(view, start, end)) onRecord(bytes, view, start, end);
    else onProblem('bad_crc');
  }

  /** Starts to skip a record of which `seen` bytes are there. */
  function skip(recordBytes: number, seen: number): void {
    onProblem('too_long');
    skippedBytes = seen;
    bytesToSkip = recordBytes - seen;
  }

  /** All functions that follow read from `at` and give where they stopped. */
  function skipOn(bytes: Uint8Array, at: number): number {
    const count = Math.min(bytesToSkip, bytes.length - at);
    bytesToSkip -= count;
    skippedBytes += count;
    return at + count;
  }

  function readWhole(bytes: Uint8Array, start: number): number {
    const view = viewOf(bytes);
    let at = start;
    while (at + headerBytes <= bytes.length) {
      const next = readOne(bytes, view, at);
      if (next === at) break;
      at = next;
    }
    return at;
  }

  /** Stops where it begins if the record is not complete. */
  function readOne(bytes: Uint8Array, view: DataView, at: number): number {
    const length = lengthAt(view, at);
    if (length === undefined) {
      die(bytes.length - at);
      return bytes.length;
    }
    const end = at + headerBytes + length + crcBytes;
    if (length > maxRecordBytes) {
      const there = Math.min(bytes.length, end);
      skip(end - at, there - at);
      return there;
    }
    if (end > bytes.length) return at;
    record(bytes, view, at + headerBytes, end - crcBytes);
    return end;
  }

  /** Completes the record whose beginning is held, as far as its bytes are there. */
  function completeHeld(bytes: Uint8Array, start: number): number {
    let at = hold(bytes, start, headerBytes);
    if (heldBytes < headerBytes) return at;
    const length = lengthAt(heldView, 0);
    if (length === undefined) {
      die(heldBytes + bytes.length - at);
      return bytes.length;
    }
    const whole = headerBytes + length + crcBytes;
    if (length > maxRecordBytes) {
      skip(whole, heldBytes);
      heldBytes = 0;
      return skipOn(bytes, at);
    }
    at = hold(bytes, at, whole);
    if (heldBytes < whole) return at;
    heldBytes = 0;
    record(held, heldView, headerBytes, headerBytes + length);
    if (held.length > keptBufferBytes) grow(0);
    return at;
  }

  /** Keeps bytes until `wanted` are there. Room is made for what has come, never for what a length promises. */
  function hold(bytes: Uint8Array, start: number, wanted: number): number {
    const count = Math.min(wanted - heldBytes, bytes.length - start);
    if (count <= 0) return start;
    if (heldBytes + count > held.length) grow(Math.max(heldBytes + count, Math.min(2 * held.length, wanted), 256));
    held.set(bytes.subarray(start, start + count), heldBytes);
    heldBytes += count;
    return start + count;
  }

  function grow(size: number): void {
    const grown = new Uint8Array(size);
    grown.set(held.subarray(0, heldBytes));
    held = grown;
    heldView = viewOf(held);
  }

  function push(bytes: Uint8Array): void {
    let at = bytesToSkip > 0 ? skipOn(bytes, 0) : 0;
    if (heldBytes > 0) at = completeHeld(bytes, at);
    if (at === bytes.length) return;
    at = readWhole(bytes, at);
    hold(bytes, at, Number.POSITIVE_INFINITY);
  }

  return {
    push: (bytes) => {
      if (bytesSinceDeath === undefined) push(bytes);
      else bytesSinceDeath += bytes.length;
    },
    pendingBytes: () => bytesSinceDeath ?? (bytesToSkip > 0 ? skippedBytes : heldBytes),
    isDead: () => bytesSinceDeath !== undefined,
  };
}

/** Undefined if the length is wrong. */
function lengthAt(view: DataView, at: number): number | undefined {
  if (view.getInt32(at + lengthBytes, true) !== maskedCrc32c(view, at, at + lengthBytes)) return undefined;
  const length = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  return length < impossibleBytes ? length : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
