import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from './tools.ts';

/** A series with its value at each step; undefined where there is none. */
export interface BlockSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | undefined)[];
}

/** Writes series as blocks of the TSDB, with promtool. Resolves with the data folder of a Prometheus that may be started on it. */
export function writeBlocks(
  series: readonly BlockSeries[],
  { startMs, stepMs }: { readonly startMs: number; readonly stepMs: number },
): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-alerts-'));
  const lines: string[] = [];
  const names = [...new Set(series.map(({ name }) => name))];
  for (const name of names) {
    lines.push(`# TYPE ${name} gauge`);
    for (const { labels, values } of series.filter((each) => each.name === name)) {
      const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      for (const [index, value] of values.entries()) {
        if (value !== undefined) lines.push(`${name}{${text.join(',')}} ${value} ${(startMs + index * stepMs) / 1000}`);
      }
    }
  }
  const file = join(folder, 'series.txt');
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`);
  const data = join(folder, 'data');
  execFileSync(
    tool('promtool'),
    ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=162h', file, data],
    {
      stdio: 'pipe',
    },
  );
  return data;
}
