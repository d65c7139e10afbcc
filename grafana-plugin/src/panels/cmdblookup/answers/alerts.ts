import type { Question } from '../../../services/ask';
import { listIn, listOf, maybeText, recordOf, textsIn, textsOf } from './json';

/** An alert that Alertmanager holds. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string | undefined;
  /** Somebody, or a maintenance window, keeps it from being told. */
  readonly isSilenced: boolean;
  /** Another alert tells it already. */
  readonly isInhibited: boolean;
}

export function readAlerts(value: unknown): readonly Alert[] {
  return listOf(value, 'the answer', readAlert);
}

/** `filter` is a matcher of Alertmanager, such as `node="gpu-1"`. */
export function alertsQuestion(filter: string): Question<readonly Alert[]> {
  return { service: 'alertmanager', path: '/api/v2/alerts', params: { filter: [filter] }, read: readAlerts };
}

function readAlert(value: unknown): Alert {
  const from = recordOf(value, 'an alert');
  const status = recordOf(from.status ?? {}, 'status');
  return {
    labels: textsIn(from, 'labels'),
    annotations: textsIn(from, 'annotations'),
    startsAt: maybeText(from, 'startsAt'),
    isSilenced: textsOf(status, 'silencedBy').length > 0 || listIn(status, 'mutedBy', String).length > 0,
    isInhibited: textsOf(status, 'inhibitedBy').length > 0,
  };
}
