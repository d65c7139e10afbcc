/**
 * Entry point of the process that takes a capture: a driver call that never returns can only be ended with its process. It gets the
 * names of NVML libraries as JSON in its first argument, writes progress bytes as protocol.ts of the NVML source says, and sends one
 * message.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLibrary } from '../nvml/library.ts';
import { writeProgress } from '../nvml/progress.ts';
import { DriverUnavailable } from '../nvml/unavailable.ts';
import type { CaptureMessage } from './child-process.ts';
import { printCapture } from './print-capture.ts';
import { takeCapture } from './take-capture.ts';

if (process.send === undefined) {
  process.stderr.write('This is a part of fleetlens gpu capture and cannot be run alone.\n');
  process.exit(2);
}
// Before the first call, so that a signal lets the call in progress end instead of tearing it down.
process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send(await answer(process.argv[2]), undefined, undefined, () => process.exit(0));

async function answer(libraries: string | undefined): Promise<CaptureMessage> {
  try {
    return { text: printCapture(await capture(libraryNames(libraries))) };
  } catch (error) {
    if (error instanceof DriverUnavailable) return { failure: error.message };
    throw error;
  }
}

function capture(libraries: readonly string[]) {
  return takeCapture({
    library: loadLibrary(libraries),
    progress: writeProgress(),
    now: () => Date.now() / 1000,
    monotonic: () => performance.now() / 1000,
    report: (message) => process.stderr.write(`nvml: ${message}\n`),
    sleep: (seconds) => sleep(seconds * 1000),
  });
}

function libraryNames(text: string | undefined): readonly string[] {
  const names: unknown = JSON.parse(text ?? 'null');
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new Error(`expected a list of library names as the first argument, got ${text}`);
}
