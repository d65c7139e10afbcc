import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Span } from '../../../exporters/billing/span.ts';
import { SourceError } from '../../../kit/errors.ts';
import type { Month } from './month.ts';
import { type Observation, observe } from './observation.ts';
import { type OpenMetricsFile, openMetricsFile } from './open-metrics-file.ts';

/** Length of a block of the TSDB that is a power of three times two hours, so that no compaction is needed soon. */
const blockMs = 18 * 3_600_000;

export interface HistorySettings {
  readonly promtool: string;
  /** Data folder of a Prometheus that does not run. */
  readonly dataFolder: string;
  /** Where the samples of the time go in which Prometheus was down; left out without it. */
  readonly lateFolder?: string | undefined;
}

interface Deps {
  /** Ends it early: it rejects then. */
  readonly signal?: AbortSignal;
  /** Share of the work that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export interface WrittenHistory {
  readonly samples: number;
  readonly lateSamples: number;
}

/**
 * Writes what Prometheus would have of the month as blocks of its TSDB, with promtool, block by block: while one is made, the samples of the
 * next are written. Throws SourceError with what promtool said.
 */
export async function writeHistory(
  month: Month,
  observation: Observation,
  { promtool, dataFolder, lateFolder }: HistorySettings,
  { onProgress = () => {}, signal }: Deps = {},
): Promise<WrittenHistory> {
  mkdirSync(dataFolder, { recursive: true });
  const scratch = mkdtempSync(join(dataFolder, 'import-'));
  const blocks = blocksOf(month.key.span);
  let number = 0;
  let files = openPair(scratch, number);
  let making: Promise<void> = Promise.resolve();
  const written = { samples: 0, lateSamples: 0 };
  try {
    for (const block of observe(month, observation, blocks, (sample) =>
      (sample.isLate ? files.late : files.seen).add(sample),
    )) {
      const done = files;
      done.seen.close();
      done.late.close();
      written.samples += done.seen.samples();
      written.lateSamples += done.late.samples();
      await making;
      signal?.throwIfAborted();
      onProgress((block.startMs - (blocks[0]?.startMs ?? 0)) / (blockMs * blocks.length));
      making = makeBlocks({ promtool, signal }, done, { dataFolder, lateFolder });
      making.catch(() => {});
      files = openPair(scratch, ++number);
    }
    files.seen.close();
    files.late.close();
    await making;
    onProgress(1);
    return written;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Pair {
  readonly seen: OpenMetricsFile;
  readonly seenPath: string;
  readonly late: OpenMetricsFile;
  readonly latePath: string;
}

function openPair(folder: string, number: number): Pair {
  const seenPath = join(folder, `${number}.txt`);
  const latePath = join(folder, `${number}-late.txt`);
  return { seen: openMetricsFile(seenPath), seenPath, late: openMetricsFile(latePath), latePath };
}

/** A file of samples lies within one block, because promtool reads all of it for each block. Scrapes reach over the end by less than an interval. */
function blocksOf({ startMs, endMs }: Span): readonly Span[] {
  const first = Math.floor(startMs / blockMs);
  const count = Math.ceil(endMs / blockMs) - first;
  return Array.from({ length: count }, (_, index) => ({
    startMs: (first + index) * blockMs,
    endMs: (first + index + 1) * blockMs,
  }));
}

interface Maker {
  readonly promtool: string;
  readonly signal?: AbortSignal | undefined;
}

async function makeBlocks(
  maker: Maker,
  { seen, seenPath, late, latePath }: Pair,
  { dataFolder, lateFolder }: Pick<HistorySettings, 'dataFolder' | 'lateFolder'>,
): Promise<void> {
  if (seen.samples() > 0) await createBlocks(maker, seenPath, dataFolder);
  rmSync(seenPath);
  if (late.samples() > 0 && lateFolder !== undefined) await createBlocks(maker, latePath, lateFolder);
  rmSync(latePath);
}

/** Makes blocks of a TSDB from a file of samples. */
export function createBlocks({ promtool, signal }: Maker, file: string, folder: string): Promise<void> {
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=18h', '--quiet', file, folder];
  return new Promise((resolve, reject) => {
    const child = spawn(promtool, args, { stdio: ['ignore', 'ignore', 'pipe'], ...(signal && { signal }) });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
    child.once('error', (error) => reject(new SourceError(`${promtool}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      reject(
        new SourceError(
          `promtool could not make blocks of ${file}: ${said.trim() || `it ended with ${code ?? signal}`}`,
        ),
      );
    });
  });
}
