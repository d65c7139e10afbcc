import { reasonOf } from '../../kit/errors.ts';
import type { Finding } from './finding.ts';

/** Where the part of an error that says what to do begins. */
const seams = ['; ', ': look for '];

/** Errors of the exporter end with what to do; here the two parts stand apart. */
export function splitRemedy(message: string): Pick<Finding, 'found' | 'remedy'> {
  const [seam, at] = seams
    .map((text) => [text, message.lastIndexOf(text)] as const)
    .reduce((best, each) => (each[1] > best[1] ? each : best));
  if (at === -1) return { found: message, remedy: undefined };
  return { found: message.slice(0, at), remedy: message.slice(at + seam.indexOf(' ') + 1) };
}

/** What was thrown, as the finding of a check. */
export function thrown(status: 'warning' | 'failure', error: unknown): Finding {
  return { status, ...splitRemedy(reasonOf(error)) };
}
