import { version } from '../../../kit/version.ts';
import type { CheckResult } from '../check.ts';
import { summarise } from './summary.ts';

/** Raised when a program that reads the report has to change; new checks and new keys do not count. */
export const reportVersion = 1;

export function jsonReport(results: readonly CheckResult[]): string {
  const report = { version: reportVersion, fleetlens: version, summary: summarise(results), checks: results };
  return `${JSON.stringify(report, null, 2)}\n`;
}
