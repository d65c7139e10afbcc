import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NabFile {
  readonly name: string;
  readonly values: Float64Array;
  /** Median distance between two rows. */
  readonly stepMs: number;
  readonly windows: readonly (readonly [first: number, last: number])[];
}

/** All series of the benchmark with the rows of their labelled windows, by name. `folder` holds `data/` and `labels/`. */
export function readNab(folder: string): readonly NabFile[] {
  const text = readFileSync(join(folder, 'labels', 'combined_windows.json'), 'utf8');
  const labels = JSON.parse(text) as Readonly<Record<string, readonly (readonly [string, string])[]>>;
  const groups = readdirSync(join(folder, 'data')).sort();
  const names = groups.flatMap((group) =>
    readdirSync(join(folder, 'data', group))
      .filter((file) => file.endsWith('.csv'))
      .sort()
      .map((file) => `${group}/${file}`),
  );
  return names.map((name) => readSeries(join(folder, 'data', name), name, labels[name] ?? []));
}

function readSeries(path: string, name: string, windows: readonly (readonly [string, string])[]): NabFile {
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  const times = rows.map((row) => timeOf(row.slice(0, row.indexOf(','))));
  const values = Float64Array.from(rows, (row) => Number(row.slice(row.indexOf(',') + 1)));
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  gaps.sort((a, b) => a - b);
  const inRows = windows.map(([from, to]) => {
    const [start, end] = [timeOf(from), timeOf(to)];
    return [times.findIndex((time) => time >= start), times.findLastIndex((time) => time <= end)] as const;
  });
  return { name, values, stepMs: gaps[gaps.length >> 1] ?? 300_000, windows: inRows };
}

function timeOf(text: string): number {
  return Date.parse(`${text.trim().replace(' ', 'T').slice(0, 19)}Z`);
}
