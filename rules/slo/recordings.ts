import type { LabelName } from '../../metrics/labels.ts';
import type { Expr } from '../../metrics/promql.ts';
import { duration, promql, verbatim } from '../../metrics/promql.ts';
import { defineRecordings, type RecordingGroup, type RecordingSpec } from '../recording.ts';
import { badEventsIn, type EventIndicator, errorRatioIn, type Indicator, sumBy } from './indicator.ts';
import type { Slo, Window } from './objective.ts';

const windows: readonly (readonly [Window, words: string])[] = [
  ['5m', 'five minutes'],
  ['30m', 'half an hour'],
  ['1h', 'an hour'],
  ['2h', 'two hours'],
  ['6h', 'six hours'],
  ['1d', 'a day'],
  ['3d', 'three days'],
];
const eventWindows: readonly Window[] = ['5m', '1h', '6h', '1d', '3d'];

/** Labels of the series of an objective. Those of a user are none of our vocabulary. */
export function labelsOfSlo({ by }: Slo): readonly LabelName[] {
  return [...by, 'slo'] as readonly LabelName[];
}

/** A series that is recorded for the objective. */
export function seriesOf({ name }: Slo, recorded: string): Expr {
  return verbatim(`${recorded}{slo="${name}"}`);
}

/**
 * The recorded series of an objective, in one group: what comes first is read by what comes after. A minute apart, so that a member that is
 * looked at is a minute of it.
 */
export function sloRecordings(slo: Slo): RecordingGroup {
  const spec = specsFor(slo);
  const indicator = eventsOf(slo);
  return defineRecordings(
    { group: `slo-${slo.name}`, interval: '1m', ...(slo.profile && { profile: slo.profile }) },
    {
      ...baseSpecs(slo, spec),
      ...Object.fromEntries(
        eventWindows.map((window) => [
          `slo:events:increase${window}`,
          spec(`Events of ${wordsOf(window)} that the objective judged.`, 'none', indicator.events(window)),
        ]),
      ),
      'slo:bad_events:increase5m': spec(
        'Events of five minutes that did not meet the objective.',
        'none',
        badEventsIn(indicator, '5m'),
      ),
      ...Object.fromEntries(
        windows.map(([window, words]) => [
          `slo:error_ratio:rate${window}`,
          spec(
            `Share of the events of ${words} that did not meet the objective.`,
            'ratio',
            errorRatioIn(indicator, window),
          ),
        ]),
      ),
      'slo:objective_ratio:constant': spec(
        'Share of the events that should be good.',
        'ratio',
        promql`0 * ${seriesOf(slo, 'slo:events:increase5m')} + ${slo.objective}`,
      ),
      'slo:period_seconds:constant': spec(
        'Time over which the objective holds.',
        'seconds',
        promql`0 * ${seriesOf(slo, 'slo:events:increase5m')} + ${slo.periodDays * 86_400}`,
      ),
      'slo:error_budget_ratio:remaining': spec(
        'Share of the error budget of the period that is left; below 0 the objective was missed.',
        'ratio',
        remainingBudget(slo),
      ),
    },
  );
}

type MakeSpec = (help: string, unit: RecordingSpec['unit'], expr: Expr) => RecordingSpec;

function specsFor(slo: Slo): MakeSpec {
  const labels = labelsOfSlo(slo);
  return (help, unit, expr) => ({ help, unit, labels, expr, fixed: { slo: slo.name } });
}

function wordsOf(window: Window): string {
  return windows.find(([each]) => each === window)?.[1] ?? window;
}

function baseSpecs({ indicator }: Slo, spec: MakeSpec): Readonly<Record<string, RecordingSpec>> {
  if (indicator.kind !== 'members') return {};
  const { good, members } = indicator;
  return {
    'slo:members:count': spec('Number of members that there should be.', 'none', members),
    'slo:good_members:sum': spec('Number of members that are good.', 'none', promql`${good} or 0 * ${members}`),
  };
}

/** Members are looked at through what was recorded of them: days of ten thousand GPUs would be too much to read. */
function eventsOf(slo: Slo): EventIndicator {
  const { indicator } = slo;
  if (!isOfMembers(indicator)) return indicator;
  const sumOver = (recorded: string) => (window: Window) =>
    sumBy(labelsOfSlo(slo), promql`sum_over_time(${seriesOf(slo, recorded)}[${duration(window)}])`);
  return { kind: 'good', good: sumOver('slo:good_members:sum'), events: sumOver('slo:members:count') };
}

function isOfMembers(indicator: Indicator): indicator is Extract<Indicator, { readonly kind: 'members' }> {
  return indicator.kind === 'members';
}

/**
 * Sums of what was counted, and no mean of ratios, which would give the night as much weight as the day. Each event is within as many
 * recorded sums as there are evaluations in five minutes, good or bad, which the quotient does away with.
 */
function remainingBudget(slo: Slo): Expr {
  const overPeriod = (recorded: string): Expr =>
    promql`sum_over_time(${seriesOf(slo, recorded)}[${duration(`${slo.periodDays}d`)}])`;
  return promql`1 - ${overPeriod('slo:bad_events:increase5m')} / (${overPeriod('slo:events:increase5m')} > 0) / (1 - ${slo.objective})`;
}
