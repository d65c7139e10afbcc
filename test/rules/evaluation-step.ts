import type { Alert, Example } from '../../rules/alert.ts';
import { secondsOf } from './mutation/durations.ts';

/** How often the alert is evaluated in the example. Days of minutes take long; a few hundred evaluations show the same, never farther apart than `for`. */
export function evaluationStep(alert: Alert, { at }: Example): string {
  const wait = secondsOf(alert.for);
  const step = Math.min(secondsOf(at) / 240, wait === 0 ? Number.POSITIVE_INFINITY : wait);
  if (step <= 60) return '1m';
  return `${Math.floor((secondsOf(at) * 1000) / Math.ceil(secondsOf(at) / step))}ms`;
}
