import { ancestorsOf, nodesOf, textOf } from '../../cli/rules/promql/syntax.ts';
import type { Alert } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';

const alerts = alertThemes.flatMap((theme) => theme.alerts);

/** Functions that smooth or count over their window; `last_over_time` only bridges a failed scrape. */
const smooths =
  /\b(?:rate|increase|(?:avg|min|max|sum|count|quantile)_over_time|deriv|predict_linear|changes|resets)\(/;

/** The short window of an error budget is there to end its alert soon. */
const burns = /ErrorBudgetBurn/;

/** Series of load and heat go up and down around a threshold; those of ages and of what is missing do not. */
const hovering = alerts.filter(
  ({ name, domain, expr, thresholds = [] }) =>
    ['gpu', 'training', 'inference', 'cmdb'].includes(domain) &&
    thresholds.length > 0 &&
    !burns.test(name) &&
    !smooths.test(expr.promql),
);

const doesNotHover: Readonly<Record<string, string>> = {
  GpuFleetEvent: 'It is held, as are many of the alerts that it counts.',
  GpuOrphanedMemory: 'Memory that was left behind stays until somebody acts.',
  GpuReadingImpossible: 'A wrong reading that comes and goes is worth two messages.',
  TrainingStalled: 'An age, which ends with the next step.',
  TrainingWentQuiet: 'An age, which ends with the next step.',
  TrainingNotStarted: 'An age, which ends with the first step.',
  ModelAccuracyLow: 'Measured once a night.',
  ModelAccuracyStale: 'An age.',
  CmdbCiStale: 'An age.',
  CmdbSourceStale: 'An age.',
  CmdbBaselineBehind: 'A count that changes with a rollout.',
  CmdbSourceProblems: 'A count that changes with what the source holds.',
  CmdbConflict: 'A count that changes with what the sources hold.',
  BmcLogCritical: 'An age, from the time of the entry.',
};

test.each(hovering.filter(({ name }) => doesNotHover[name] === undefined))(
  '$name, which compares the last reading with a threshold, is held for a while after it',
  ({ keepFiringFor }) => {
    expect(keepFiringFor).toMatch(/^\d+m$/);
  },
);

test('what is said not to hover is among the alerts that are asked', () => {
  const asked = hovering.map(({ name }) => name as string);
  expect(Object.keys(doesNotHover).filter((name) => !asked.includes(name))).toEqual([]);
});

/** They fire at the first evaluation and end at the first that is quiet, so one odd or failed scrape must not do either. */
const atOnce = alerts.filter((alert) => alert.for === '0s' && alert.keepFiringFor === undefined);

const needsNoWindow: Readonly<Record<string, string>> = {
  Watchdog: 'It reads nothing.',
};

test.each(atOnce.filter(({ name }) => needsNoWindow[name] === undefined))(
  '$name, which fires and ends at once, looks at a window and not at one reading',
  (alert) => {
    expect(readingsWithoutWindow(alert)).toEqual([]);
  },
);

function readingsWithoutWindow({ expr }: Alert): readonly string[] {
  return nodesOf(expr.promql)
    .filter(({ name }) => name === 'VectorSelector')
    .filter((node) => !ancestorsOf(node).some(({ name }) => name === 'MatrixSelector'))
    .map((node) => textOf(expr.promql, node));
}
