import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../kit/errors.ts';
import { writeHistory } from '../simulate/billing/history-blocks.ts';
import type { Month } from '../simulate/billing/month.ts';
import { simulatedMonth } from '../simulate/billing/simulated-month.ts';
import type { UpOptions } from './options.ts';
import type { Screen } from './screen.ts';
import type { Stack } from './stack.ts';

/** The past of the simulated fleet, and how it is to be written. */
export interface History {
  readonly month: Month;
  readonly scrapeSeconds: number;
  readonly promtool: string;
}

const steps = [30, 60, 120, 300] as const;
/** Samples that take about half a minute to write. */
const comfortable = 9e6;
const most = 60e6;
/** Of a GPU, with the series of its pods. */
const seriesPerGpu = 23;
const kubeletSeconds = 5;

/**
 * Undefined without --history. Throws ConfigError if there is no simulated fleet, promtool is not there, or the history would be too large. It
 * ends at the last whole minute.
 */
export function chooseHistory(
  { history: seconds }: Pick<UpOptions, 'history'>,
  { simulation, prometheus }: Pick<Stack, 'simulation' | 'prometheus'>,
  nowMs: number,
): History | undefined {
  if (seconds === 0) return undefined;
  if (simulation === undefined)
    throw new ConfigError(
      '--history is for a simulated fleet: GPUs of this machine have the past that they have; leave it out',
    );
  const { seed, nodes, gpus } = simulation;
  const samplesAt = (step: number): number => (seriesPerGpu * nodes * gpus * seconds) / step;
  const scrapeSeconds = steps.find((step) => samplesAt(step) <= comfortable) ?? 300;
  if (samplesAt(scrapeSeconds) > most)
    throw new ConfigError(
      `--history for ${nodes * gpus} GPUs would be some ${Math.round(samplesAt(scrapeSeconds) / 1e6)} million samples, at most ${most / 1e6} are written; choose a shorter one or fewer --nodes`,
    );
  const endMs = Math.floor(nowMs / 60_000) * 60_000;
  const span = { startMs: endMs - seconds * 1000, endMs };
  return { month: simulatedMonth({ seed, nodes, gpus, span }), scrapeSeconds, promtool: promtoolBeside(prometheus) };
}

/** promtool comes with Prometheus, in the same folder. */
function promtoolBeside(prometheus: string): string {
  const promtool = join(dirname(prometheus), 'promtool');
  if (existsSync(promtool)) return promtool;
  throw new ConfigError(
    `--history needs promtool, which is not beside ${prometheus}; install all of Prometheus, or leave --history out`,
  );
}

/** Into the data folder of the stack's Prometheus, before it starts. A folder that has data already keeps them and gets none. */
export async function writeStackHistory(
  { folder, history }: Pick<Stack, 'folder' | 'history'>,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  if (history === undefined) return;
  const dataFolder = join(folder, 'prometheus');
  if (existsSync(dataFolder) && readdirSync(dataFolder).length > 0) {
    screen.print(`No history is written: ${dataFolder} has data already.`);
    return;
  }
  const { month, scrapeSeconds, promtool } = history;
  const observation = { scrapeSeconds, observeSeconds: kubeletSeconds, replicas: [''], lostShare: 0.002, down: [] };
  const { samples } = await writeHistory(
    month,
    observation,
    { promtool, dataFolder },
    {
      signal,
      onProgress: (done) => screen.status(`--:--  writing history ${bar(done)}`),
    },
  );
  screen.print(`History of ${month.pods.length.toLocaleString('en')} pods, ${samples.toLocaleString('en')} samples.`);
}

/** The simulated cluster as the history leaves it; without one, after an hour that is not shown and in which no more happens than in life. */
export function monthBefore(
  { seed, nodes, gpus }: NonNullable<Stack['simulation']>,
  history: History | undefined,
  nowMs: number,
): Month {
  if (history !== undefined) return history.month;
  const endMs = Math.floor(nowMs / 60_000) * 60_000;
  return simulatedMonth({ seed, nodes, gpus, span: { startMs: endMs - 3_600_000, endMs }, pace: 1 });
}

function bar(done: number): string {
  const filled = Math.round(done * 30);
  return `${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${Math.round(done * 100)} %`;
}
