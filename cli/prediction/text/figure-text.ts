import type { Figures } from '../../../exporters/prediction/evaluation/figures.ts';
import type { Tried } from '../../../exporters/prediction/pipeline/model-set.ts';
import { textTable } from '../../api-client/text-table.ts';
import type { TextStyle } from '../../training-inspect/text/style.ts';
import { bar } from './bars.ts';
import { days, figure, percent } from './words.ts';

const names: Readonly<Record<Tried['scorer'], string>> = {
  rate: 'rate model',
  boosted: 'boosted trees',
  forest: 'random forest',
  logistic: 'logistic regression',
};

/** How all that were tried did. */
export function triedTable(tried: readonly Tried[], style: TextStyle): readonly string[] {
  const [first] = tried;
  if (first === undefined) return [];
  const { baseRate, rows, failed, outcome } = first.figures;
  return [
    `${rows.toLocaleString('en')} rows judged, ${failed.toLocaleString('en')} failed (${percent(baseRate)}), ${outcome.incidents} incidents.`,
    ...textTable(
      tried,
      [
        { title: 'MODEL', of: ({ scorer }) => names[scorer] },
        { title: 'AVG PRECISION', of: ({ figures }) => figure(figures.averagePrecision), isNumber: true },
        { title: 'ROC', of: ({ figures }) => figure(figures.rocArea), isNumber: true },
        { title: 'BRIER', of: ({ figures }) => figure(figures.brier), isNumber: true },
        { title: 'SKILL', of: ({ figures }) => percent(figures.brierSkill), isNumber: true },
        { title: 'CALIBRATION ERROR', of: ({ figures }) => percent(figures.calibrationError), isNumber: true },
      ],
      style,
    ),
  ];
}

/** Precision and what else there is at budgets of alerts. */
export function budgetPlot({ budgets }: Figures, style: TextStyle): readonly string[] {
  const judged = budgets.filter(({ precision }) => precision !== undefined);
  if (judged.length === 0) return [];
  return textTable(
    judged.toSorted((a, b) => a.perDay - b.perDay),
    [
      { title: 'ALERTS A DAY', of: ({ perDay }) => String(perDay), isNumber: true },
      { title: 'PRECISION', of: ({ precision }) => percent(precision), isNumber: true },
      { title: '', of: ({ precision }) => bar(precision ?? 0, 20, style) },
      { title: 'WARNED OF', of: ({ caught, incidents }) => `${caught} of ${incidents}`, isNumber: true },
      { title: 'LEAD P50', of: ({ leadP50Ms }) => days(leadP50Ms), isNumber: true },
      { title: 'FALSE/1,000 DAYS', of: ({ falsePer1000 }) => figure(falsePer1000), isNumber: true },
    ],
    style,
  );
}
