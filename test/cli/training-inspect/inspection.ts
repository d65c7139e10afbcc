import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SimulatedRun } from '../../../cli/simulate/training/simulated-run.ts';
import { writeSimulatedRun } from '../../../cli/simulate/training/write-simulated-run.ts';
import { inspectPath } from '../../../cli/training-inspect/inspect-path.ts';
import { type InspectOptions, inspectOptions } from '../../../cli/training-inspect/options.ts';
import type { InspectReport } from '../../../cli/training-inspect/report.ts';
import type { TextStyle } from '../../../cli/training-inspect/text/style.ts';
import { textReport } from '../../../cli/training-inspect/text/text-report.ts';
import { diskFileSystem, type FileSystem } from '../../../exporters/training/sources/files/file-system.ts';
import { parseOptions } from '../../../kit/options/parse.ts';
import { encodeEvent, eventFile, versionEvent, type WrittenValue } from '../../support/tfevents-writer.ts';

/** Unix time at which simulations begin, and at which files are looked at. */
export const startedSeconds = 1_700_000_000.25;
export const nowSeconds = startedSeconds + 400;

/** Linux as it is in a machine without the processes of the runs. */
const noProcesses = { read: () => undefined, readMemory: async () => undefined, list: async () => [] };
const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-inspect-'));
  folders.push(folder);
  return folder;
}

/** For afterAll. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function optionsOf(...argv: readonly string[]): InspectOptions {
  return parseOptions(inspectOptions, { argv, env: {}, readFile: () => '' });
}

interface Settings {
  readonly fs?: Partial<FileSystem>;
  readonly now?: number;
}

/** Inspects a path with a clock that stands. */
export function inspect(
  path: string | undefined,
  options: InspectOptions = optionsOf(),
  { fs = {}, now = nowSeconds }: Settings = {},
): Promise<InspectReport> {
  return inspectPath(path, options, {
    clock: { now: () => now, monotonic: () => performance.now() / 1000 },
    fs: { ...diskFileSystem, ...fs },
    procFiles: noProcesses,
    hostName: 'test-host',
    workingFolder: '/',
    readFile: (file) => readFileSync(file, 'utf8'),
    progress: { begin: () => {}, read: () => {}, end: () => {} },
  });
}

export const wide: TextStyle = { colour: false, width: 120, isUnicode: true };
export const narrow: TextStyle = { colour: false, width: 80, isUnicode: true };
export const ascii: TextStyle = { colour: false, width: 80, isUnicode: false };

/** The text without what differs between runs of a test: the folder and the version. */
export function textOf(report: InspectReport, folder: string, style: TextStyle = narrow): string {
  return textReport(report, style)
    .replaceAll(folder, '/data')
    .replace(/^FleetLens \S+:/, 'FleetLens VERSION:');
}

/** Writes a simulated run as it is after some seconds, with the times that its files had. Returns its folder. */
export async function simulate(folder: string, run: SimulatedRun, seconds: number): Promise<string> {
  const written = await writeSimulatedRun(folder, run, { fromSecond: 0, toSecond: seconds, startedSeconds });
  setTimes(folder, startedSeconds + seconds);
  return written.folder;
}

export function setTimes(folder: string, timeSeconds: number): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    utimesSync(join(entry.parentPath, entry.name), timeSeconds, timeSeconds);
}

export function write(path: string, data: string | Uint8Array, timeSeconds = nowSeconds - 10): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
  utimesSync(path, timeSeconds, timeSeconds);
  return path;
}

/** An event file with the values of each step, a second apart. */
export function events(steps: readonly (readonly WrittenValue[])[]): Buffer {
  const written = steps.map((values, step) => encodeEvent({ wallTime: startedSeconds + step, step, values }));
  return eventFile([versionEvent(startedSeconds), ...written]);
}

/** Losses under one tag. */
export function losses(values: readonly number[], tag = 'train/loss'): Buffer {
  return events(values.map((value) => [{ tag, value }]));
}
