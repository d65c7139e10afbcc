import type { Alert, Example } from '../../rules/alert.ts';
import { secondsOf } from './mutation/durations.ts';

/**
 * How often the alert is evaluated in the example. Days of minutes take long; sixty evaluations show the same if four of them fall into
 * `for`, and two hundred and forty if they do not; never are they farther apart than `for`.
 */
export function evaluationStep(alert: Alert, { at }: Example): string {
  const end = secondsOf(at);
  const wait = secondsOf(alert.for);
  const enough = Math.max(end / 240, Math.min(end / 60, wait / 4));
  const step = wait === 0 ? enough : Math.min(enough, wait);
  if (step <= 60) return '1m';
  return `${Math.floor((end * 1000) / Math.ceil(end / step))}ms`;
}
