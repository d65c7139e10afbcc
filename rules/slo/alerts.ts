import type { Expr } from '../../metrics/promql.ts';
import { promql, verbatim } from '../../metrics/promql.ts';
import { type Alert, type AlertTheme, defineAlerts } from '../alert.ts';
import { type ThresholdName, thresholds } from '../thresholds.ts';
import { type BurnLevel, burning, burnLevels, burnRate, outageMinutes } from './burn.ts';
import { absentExamples, burnExamples } from './examples.ts';
import { alertName, objectiveOf, type Slo } from './objective.ts';
import { labelsOfSlo, seriesOf } from './recordings.ts';

/** The alerts of an objective: four paces at which the budget is used up, and one for series that have gone. */
export function sloAlerts(slo: Slo): AlertTheme {
  const levels = burnLevels.filter((level) => limitOf(slo, level) < 1);
  return defineAlerts({
    theme: `${slo.name}-slo`,
    ...(slo.profile && { profile: slo.profile }),
    alerts: [...levels.map((level) => burnAlert(slo, level)), absentAlert(slo)],
  });
}

/** Share of bad events from which on the alert fires; at 1 or above it never can, and a slower one tells. */
function limitOf(slo: Slo, level: BurnLevel): number {
  const rate = burnRate(level, slo.periodDays);
  return (typeof rate === 'number' ? rate : rate.value) * (1 - objectiveOf(slo));
}

const pace: Readonly<Record<BurnLevel['name'], string>> = {
  Fast: 'is used up many times faster than it may be',
  Mid: 'is used up several times faster than it may be',
  Slow: 'is used up faster than it may be',
  VerySlow: 'is used up as fast as it may be, or faster',
};

function burnAlert(slo: Slo, level: BurnLevel): Alert {
  const { long, short } = level;
  const pages = level.pages && slo.pages;
  const events = `slo:events:increase${long}`;
  const burns = burning({
    long: recorded(slo, `slo:error_ratio:rate${long}`),
    short: recorded(slo, `slo:error_ratio:rate${short}`),
    events: recorded(slo, events),
    limit: promql`${burnRate(level, slo.periodDays)} * (1 - ${slo.objective})`,
    minimum: slo.minimum,
  });
  // Targets are down while they are set up: an objective is not judged before it is older than the short window.
  const expr = promql`${burns}
and
max by (${verbatim(labelsOfSlo(slo).join(', '))}) (last_over_time(${seriesOf(slo, events)}[${verbatim(short)}] offset ${verbatim(short)}))`;
  const percent = Math.round(100 * ((burnShare(slo, level) * level.longHours) / (24 * slo.periodDays)));
  return {
    name: alertName(slo, `ErrorBudgetBurn${level.name}`),
    expr,
    thresholds: thresholdsIn(expr),
    for: level.for,
    severity: pages ? 'critical' : 'warning',
    action: 'investigate',
    domain: slo.domain,
    team: slo.team,
    summary: `The error budget of ${slo.title} ${pace[level.name]}.`,
    description: `{{ $value | humanizePercentage }} of ${slo.missed[0]}${placeOf(slo)} ${slo.missed[1]}, counted over ${long}; objective {{ $labels.slo }}. ${pages ? 'See what changed since it began.' : 'Look for a cause in working hours.'}`,
    runbook: {
      meaning: `Of the ${slo.periodDays} days of error budget about ${percent} % have gone within the last ${long}, if all was well before, and the last ${short} were no better. What is left: \`slo:error_budget_ratio:remaining{slo="${slo.name}"}\`.`,
      firstLook: slo.firstLook,
      remedy: slo.remedy,
    },
    ...burnExamples(slo, level, limitOf(slo, level)),
  };
}

function burnShare({ periodDays }: Slo, level: BurnLevel): number {
  const rate = burnRate(level, periodDays);
  return typeof rate === 'number' ? rate : rate.value;
}

function absentAlert(slo: Slo): Alert {
  const events = seriesOf(slo, 'slo:events:increase5m');
  const labels = verbatim(labelsOfSlo(slo).join(', '));
  const gone = promql`max by (${labels}) (max_over_time(${events}[1d])) > 0
unless
${recorded(slo, 'slo:events:increase5m')}`;
  return {
    name: alertName(slo, 'SloAbsent'),
    expr: slo.expected
      ? promql`(${gone})
or on (slo)
absent(${events})`
      : gone,
    for: `${outageMinutes(objectiveOf(slo), slo.periodDays)}m`,
    severity: slo.pages ? 'critical' : 'warning',
    action: 'investigate',
    domain: slo.domain,
    team: slo.team,
    summary: `Nothing is measured any more for the objective of ${slo.title}, so its error budget is blind.`,
    description: `No event counts for the objective {{ $labels.slo }}${placeOf(slo)}. A total outage looks like this: see whether what it is measured by is still scraped.`,
    runbook: {
      meaning: `The series that the objective is judged by have gone, ${slo.expected ? 'or were never there, ' : ''}so no other alert about it can fire. It waits as long as a total outage would take to use up what the fast alert allows. What was taken away on purpose is forgotten after a day.`,
      firstLook: [
        `When it ended: \`slo:events:increase5m{slo="${slo.name}"}\` over the last day.`,
        'Are the targets known to Prometheus: page Status, Targets; and are they up.',
        'Are the rules evaluated: page Status, Rules.',
      ],
      remedy: [
        'Targets down or gone from service discovery: bring them back.',
        'A metric or label has another name since an upgrade: change the objective.',
      ],
    },
    ...absentExamples(slo),
  };
}

function recorded(slo: Slo, name: string): Expr {
  return promql`max by (${verbatim(labelsOfSlo(slo).join(', '))}) (${seriesOf(slo, name)})`;
}

/** Cluster, and what else tells one instance from another, where there is such a label. */
function placeOf({ by }: Slo): string {
  return by
    .map((label) => `{{ with $labels.${label} }}${label === 'cluster' ? ' in' : `, ${label}`} {{ . }}{{ end }}`)
    .join('');
}

function thresholdsIn({ parts }: Expr): readonly ThresholdName[] {
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.parameter]));
  return [...new Set(names)].filter((name): name is ThresholdName => name in thresholds);
}
