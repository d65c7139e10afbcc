import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import type { Counters } from '../names/counters.ts';
import { parseCountersFile } from '../names/counters-file.ts';

const maxBytes = 1024 * 1024;

/** Reads a counters file of dcgm-exporter. Throws ConfigError if it cannot be read, is larger than 1 MiB, or is none. */
export function readCountersFile(file: string): Counters {
  return parseCountersFile(file, textOf(file));
}

function textOf(file: string): string {
  let descriptor: number | undefined;
  try {
    // Opening a pipe would wait for somebody who writes into it.
    if (!statSync(file).isFile()) throw new Error('it is no file');
    descriptor = openSync(file, 'r');
    return boundedText(descriptor);
  } catch (error) {
    throw new ConfigError(`--dcgm.counters-file: ${file} cannot be read: ${reasonOf(error)}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function boundedText(descriptor: number): string {
  const buffer = Buffer.alloc(maxBytes + 1);
  let size = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, size, buffer.length - size, null);
    size += read;
    if (size > maxBytes) throw new Error('it is larger than 1 MiB');
    if (read === 0) return buffer.toString('utf8', 0, size);
  }
}
