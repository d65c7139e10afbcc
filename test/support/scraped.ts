import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from './tools.ts';

export type Metric = readonly [name: string, labels: Readonly<Record<string, string>>, value: number];

export interface SimulatedTarget {
  readonly job: string;
  readonly instance: string;
  /** Added to each series. */
  readonly labels: Readonly<Record<string, string>>;
  readonly intervalMs: number;
  /** Of its scrapes within the interval. */
  readonly offsetMs?: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Prometheus is not there. */
  readonly isDark?: (ms: number) => boolean;
  /** The target does not answer. */
  readonly isDown?: (ms: number) => boolean;
  readonly metrics: (ms: number) => readonly Metric[];
}

/** Samples as Prometheus would have scraped them, `name{labels} value time`, in the order of time for each target. */
export function scraped(targets: readonly SimulatedTarget[], unit: 's' | 'ms'): string {
  const lines: string[] = [];
  for (const target of targets) {
    const { intervalMs, offsetMs = 0, isDark } = target;
    const first = Math.ceil((target.fromMs - offsetMs) / intervalMs) * intervalMs + offsetMs;
    for (let ms = first; ms < target.untilMs; ms += intervalMs)
      if (isDark?.(ms) !== true) lines.push(...scrapeOf(target, ms, unit));
  }
  return lines.join('\n');
}

function scrapeOf(target: SimulatedTarget, ms: number, unit: 's' | 'ms'): readonly string[] {
  const { job, instance, labels } = target;
  const isDown = target.isDown?.(ms) === true;
  const time = unit === 's' ? (ms / 1000).toFixed(3) : String(ms);
  const metrics: readonly Metric[] = [['up', {}, isDown ? 0 : 1], ...(isDown ? [] : target.metrics(ms))];
  return metrics.map(
    ([name, own, value]) => `${name}{${written({ ...own, ...labels, job, instance })}} ${value} ${time}`,
  );
}

function written(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
}

export interface Blocks {
  readonly dataDir: string;
  readonly remove: () => void;
}

/** A TSDB that holds the samples, made by promtool, which reads them all once for each block: so a week goes into one. */
export function blocksOf(samples: string): Blocks {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-blocks-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const file = join(folder, 'samples.txt');
  writeFileSync(file, `${samples}\n# EOF\n`);
  const long = '--max-block-duration=162h';
  execFileSync(tool('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', long, '--quiet', file, dataDir]);
  return { dataDir, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
