import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { AnomalyEngine } from '../../anomaly/engine/engine.ts';

/** Writes the state beside the file and then in its place, so a crash leaves the old one. Throws SourceError. */
export function writeAnomalyState(file: string, { save }: AnomalyEngine): void {
  const beside = `${file}.new`;
  try {
    const open = openSync(beside, 'w', 0o600);
    try {
      for (const piece of save()) writeWhole(open, piece);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new SourceError(`${file}: the state of anomaly detection cannot be written: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Whether there was a state to go on from. Throws SourceError for one that cannot be read: then make a new engine. */
export function readAnomalyState(file: string, { load }: AnomalyEngine): boolean {
  if (!existsSync(file)) return false;
  try {
    const open = openSync(file, 'r');
    try {
      load((bytes) => readWhole(open, bytes));
    } finally {
      closeSync(open);
    }
  } catch (error) {
    throw new SourceError(`${file}: ${reasonOf(error)}`, { cause: error });
  }
  return true;
}

function writeWhole(open: number, piece: Uint8Array): void {
  for (let at = 0; at < piece.length; ) at += writeSync(open, piece, at);
}

function readWhole(open: number, bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  for (let at = 0; at < bytes; ) {
    const read = readSync(open, whole, at, bytes - at, null);
    if (read === 0)
      throw new SourceError('the saved state of anomaly detection is cut off: delete it, and the detectors warm up');
    at += read;
  }
  return whole;
}
