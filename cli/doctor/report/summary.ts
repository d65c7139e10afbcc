import type { CheckResult } from '../check.ts';
import type { Status } from '../finding.ts';

export interface Summary {
  /** The worst of all checks. */
  readonly status: Exclude<Status, 'not_applicable'>;
  readonly ok: number;
  readonly warnings: number;
  readonly failures: number;
  readonly not_applicable: number;
}

export function summarise(results: readonly CheckResult[]): Summary {
  const number = (wanted: Status): number => results.filter(({ status }) => status === wanted).length;
  const failures = number('failure');
  const warnings = number('warning');
  const status = failures > 0 ? 'failure' : warnings > 0 ? 'warning' : 'ok';
  return { status, ok: number('ok'), warnings, failures, not_applicable: number('not_applicable') };
}
