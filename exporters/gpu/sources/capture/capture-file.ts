import { readFileSync, statSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import type { Capture } from './capture.ts';
import { parseCapture } from './parse-capture.ts';

const maxMebibytes = 32;

/** Reads a capture. Throws ConfigError that names the file and, where it is not in order, the place in it. */
export function readCaptureFile(file: string): Capture {
  return parseCapture(file, readText(file));
}

function readText(file: string): string {
  const mebibytes = Math.ceil(sizeOf(file) / 2 ** 20);
  if (mebibytes > maxMebibytes)
    throw new ConfigError(`the capture ${file} has ${mebibytes} MiB; a capture has at most ${maxMebibytes} MiB`);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, reasonOf(error));
  }
}

function sizeOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw unreadable(file, 'it is not there');
  if (!stats.isFile()) throw unreadable(file, 'it is no file');
  return stats.size;
}

function unreadable(file: string, reason: string): ConfigError {
  return new ConfigError(`cannot read the capture ${file}: ${reason}; make one with fleetlens gpu capture`);
}
