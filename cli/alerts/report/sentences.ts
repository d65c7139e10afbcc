import { countText, delayText, firingsText, secondsText } from './labels.ts';
import type { Report } from './report.ts';
import type { DelaySuggestion } from './suggest-delay.ts';
import type { ThresholdSuggestion } from './suggest-threshold.ts';

/** From what fired to what people were told. */
export function messageSentences({ messages, routes, alertmanager }: Report): readonly string[] {
  const { firings, toldNobody, keptBack, messages: told } = messages;
  const whose =
    routes === 'site' ? 'the routes of your site file' : 'the routes of a site with a default receiver alone';
  return [
    `By ${whose}, ${firingsText(firings)} made ${told === 1 ? '1 message' : `${countText(told)} messages`}: nobody is told of ${countText(toldNobody)}, inhibitions keep back ${countText(keptBack)}, and the others share messages in groups. Reminders and the end of alerts come on top.`,
    alertmanager === undefined
      ? 'Prometheus has no metrics of Alertmanager, so nobody knows how many messages it sent.'
      : `Alertmanager itself counted ${countText(alertmanager.notifications)} messages with reminders and ends, one for each channel; ${countText(alertmanager.failed)} failed.`,
  ];
}

export function delaySentence({
  kind,
  alert,
  severity,
  fromSeconds,
  toSeconds,
  firings,
  fewer,
  laterSeconds,
}: DelaySuggestion): string {
  const change = `${alert}: with ${kind} ${delayText(toSeconds)} instead of ${delayText(fromSeconds)}`;
  const effect = `${firingsText(firings - fewer)} instead of ${countText(firings)}`;
  if (kind === 'keep_firing_for') return `${change}, ${effect}; the others would be part of the firing before.`;
  const warning = severity === 'critical' ? ' It is critical: think of what that delay costs.' : '';
  return `${change}, ${effect}, each told ${secondsText(laterSeconds)} later.${warning}`;
}

export function thresholdSentence({
  alert,
  threshold,
  unit,
  from,
  to,
  firings,
  firingsThen,
}: ThresholdSuggestion): string {
  return `${alert}: with ${threshold} ${to} instead of ${from} (${unit}), ${firingsText(firingsThen)} instead of ${countText(firings)}.`;
}

/** What the figures rest on. */
export function basisSentences({ window, gapSeconds, remarks }: Report): readonly string[] {
  const step = secondsText(window.stepMs / 1000);
  const gaps =
    gapSeconds === undefined
      ? 'The store has no series up, so a restart of Prometheus looks like the end of every alert.'
      : gapSeconds > 0
        ? `Nothing was recorded for ${secondsText(gapSeconds)}; an alert that fires before and after is taken to have fired meanwhile.`
        : 'Prometheus recorded all the time.';
  return [
    `Alerts were looked at every ${step}: times are that exact, and what fires for less may be missed.`,
    gaps,
    'What fired at the beginning already, or still fires, has no time to resolve and counts in no median.',
    'Suggested waits are counted on the firings above. Suggested thresholds ask the expression again; both say what would have been, not what is right. What a quieter rule would have missed you must judge.',
    ...remarks,
  ];
}
