import type { ReliabilityBin } from '../calibration/reliability.ts';
import type { FeatureDrift } from '../drift/feature-drift.ts';
import type { BudgetFigures, Figures } from '../figures.ts';
import type { Comparison } from '../promotion/promotion.ts';
import { days, figure, markdownTable, percent, plain } from './words.ts';

export function figureTable(figures: Figures): string {
  const { outcome } = figures;
  return markdownTable(
    ['Figure', 'Value', 'To compare with'],
    [
      ['Average precision', figure(figures.averagePrecision), `${figure(figures.baseRate)}, the base rate: chance`],
      ['Area under ROC', figure(figures.rocArea), '0.5: chance'],
      ['Brier score', figure(figures.brier), `${figure(figures.constantBrier)}: the base rate of training for all`],
      ['Brier skill', percent(figures.brierSkill), '0 %: no better than that'],
      ['Calibration error', figure(figures.calibrationError), '0: probabilities are shares'],
      ['Failed rows', String(outcome.observed), `${figure(outcome.expected)} expected`],
      ['Different incidents', String(outcome.incidents), ''],
    ],
  );
}

export function budgetTable(budgets: readonly BudgetFigures[]): string {
  return markdownTable(
    [
      'Alerts a day',
      'Precision',
      'Incidents warned of',
      'Lead, half have more',
      'Lead, nine of ten have more',
      'False episodes per 1,000 entity-days',
    ],
    budgets.map((each) => [
      String(each.perDay),
      figure(each.precision),
      `${each.caught} of ${each.incidents} (${percent(each.recall)})`,
      days(each.leadP50Ms),
      days(each.leadP10Ms),
      figure(each.falsePer1000),
    ]),
  );
}

export function reliabilityTable(bins: readonly ReliabilityBin[]): string {
  return markdownTable(
    ['Probability', 'Rows', 'Expected', 'Observed'],
    bins.map((bin) => [
      bin.lowest === bin.highest ? percent(bin.lowest) : `${percent(bin.lowest)} to ${percent(bin.highest)}`,
      bin.rows.toLocaleString('en'),
      percent(bin.expected),
      percent(bin.observed),
    ]),
  );
}

const metricNames = {
  average_precision: 'Average precision',
  brier: 'Brier score',
  precision_at_k: 'Precision at the budget',
};

export function comparisonTable(comparisons: readonly Comparison[]): string {
  return markdownTable(
    ['Metric', 'Rate model', 'Learned', 'Gain', 'Gain at least, 19 of 20', 'Must not be below', 'Better'],
    comparisons.map((each) => [
      metricNames[each.metric],
      figure(each.rate),
      figure(each.learned),
      figure(each.gain),
      each.lowerBound === -Number.MAX_VALUE ? '–' : figure(each.lowerBound),
      figure(each.floor),
      each.isBetter ? 'yes' : 'no',
    ]),
  );
}

export function driftTable(drift: readonly FeatureDrift[]): string {
  const sorted = drift.toSorted((a, b) => (b.psi ?? -1) - (a.psi ?? -1)).slice(0, 20);
  return markdownTable(
    ['Feature', 'Stability index', 'Drifted'],
    sorted.map(({ feature, psi, hasDrifted }) => [plain(feature), figure(psi), hasDrifted ? 'yes' : 'no']),
  );
}
