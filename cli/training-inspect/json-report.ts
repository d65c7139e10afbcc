import { version } from '../../kit/version.ts';
import type { InspectReport } from './report.ts';

/** Raised when a program that reads the report has to change; new keys do not count. */
export const reportVersion = 1;

/** The report as data: keys as in other files of FleetLens, and texts for numbers that JSON does not have. */
export function jsonReport(report: InspectReport): string {
  const { path, nowSeconds, ...rest } = report;
  const whole = { version: reportVersion, fleetlens: version, path, timeSeconds: nowSeconds, ...rest };
  return `${JSON.stringify(withSnakeKeys(whole), null, 2)}\n`;
}

function withSnakeKeys(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(withSnakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [snake(key), withSnakeKeys(each)]));
}

function snake(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
