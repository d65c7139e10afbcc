/** What was measured of one phase. */
export interface PhaseReport {
  readonly phase: string;
  readonly count: number;
  readonly totalSeconds: number;
  readonly meanSeconds: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  /** Change of memory from the beginning to the end of the phase; undefined where memory is not looked at. */
  readonly meanMemoryDeltaBytes: number | undefined;
  readonly maxMemoryDeltaBytes: number | undefined;
}

const none = '-';

/** The phases as a table for people, the one that took most time first. */
export function phaseTable(reports: readonly PhaseReport[]): string {
  const total = reports.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0);
  const head = ['phase', 'count', 'total', 'share', 'mean', 'min', 'p50', 'p95', 'p99', 'max', 'memory', 'max memory'];
  const rows = reports
    .toSorted((left, right) => right.totalSeconds - left.totalSeconds)
    .map((report) => [
      report.phase,
      String(report.count),
      duration(report.totalSeconds),
      total > 0 ? `${((100 * report.totalSeconds) / total).toFixed(1)} %` : none,
      duration(report.meanSeconds),
      duration(report.minSeconds),
      duration(report.p50Seconds),
      duration(report.p95Seconds),
      duration(report.p99Seconds),
      duration(report.maxSeconds),
      change(report.meanMemoryDeltaBytes),
      change(report.maxMemoryDeltaBytes),
    ]);
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => padded(cell, column, widths))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function padded(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** Three digits and the unit that fits. */
function duration(seconds: number): string {
  if (seconds >= 1 || seconds === 0) return `${digits(seconds)} s`;
  if (seconds >= 1e-3) return `${digits(seconds * 1e3)} ms`;
  return seconds >= 1e-6 ? `${digits(seconds * 1e6)} µs` : `${digits(seconds * 1e9)} ns`;
}

function change(bytes: number | undefined): string {
  if (bytes === undefined) return none;
  const sign = bytes < 0 ? '-' : '+';
  const size = Math.abs(bytes);
  if (size >= 2 ** 30) return `${sign}${digits(size / 2 ** 30)} GiB`;
  if (size >= 2 ** 20) return `${sign}${digits(size / 2 ** 20)} MiB`;
  return size >= 2 ** 10 ? `${sign}${digits(size / 2 ** 10)} KiB` : `${sign}${digits(size)} B`;
}

function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
