import type { Row } from './bench.ts';

/** The rows as a person reads them. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ bench, name, value, unit, baseline, ratio, runs }) => [
    bench,
    name,
    `${round(value)} ${unit}`,
    runs.length < 2 ? '' : `${round(Math.min(...runs))} to ${round(Math.max(...runs))}`,
    baseline === null ? '' : `${round(baseline)} ${unit}`,
    ratio === null ? '' : ratio < 1 ? `1/${round(1 / ratio)}` : round(ratio),
  ]);
  const lines = [['bench', 'figure', 'median', 'spread', 'baseline', 'ratio'], ...cells];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}
