import { budgetTable, comparisonTable, driftTable, figureTable, reliabilityTable } from './card-tables.ts';
import type { ModelCard } from './model-card.ts';
import { count, date, percent, plain } from './words.ts';

/** The card for people. */
export function cardMarkdown(card: ModelCard): string {
  return [
    `# Model card: ${plain(card.model.name)}, ${card.model.horizon} ahead`,
    modelSection(card),
    section('What it does not know', list(card.limits)),
    section('Data', dataLines(card)),
    section('What counts as a failure', list(card.labels)),
    section('Figures', figureTable(card.figures)),
    section('At a budget of alerts', budgetTable(card.figures.budgets)),
    section('Reliability', reliabilityTable(card.figures.reliability)),
    ...promotionSection(card),
    ...driftSection(card),
    section('Settings', settingLines(card)),
  ]
    .join('\n\n')
    .concat('\n');
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join('\n');
}

function modelSection({ model }: ModelCard): string {
  const trained =
    model.rows === 0
      ? 'It was not trained: it is a prior.'
      : `It was made from ${count(model.rows, 'row')} of ${date(model.trainedFromMs)} to ${date(model.trainedUntilMs)}, of which ${model.failedRows.toLocaleString('en')} failed.`;
  return `Version ${plain(model.version)}, made ${date(model.madeAtMs)}. ${trained}`;
}

function dataLines({ data, figures }: ModelCard): string {
  const sources = Object.entries(data.bySource).map(([source, many]) => `${source} ${many}`);
  const missing =
    data.missingValues === undefined ? [] : [`${percent(data.missingValues)} of the feature values are missing.`];
  return list([
    `${count(data.gpus, 'GPU')}, ${count(data.nodes, 'node')}, ${count(data.incidents, 'incident')}${sources.length === 0 ? '' : `: ${plain(sources.join(', '))}`}.`,
    ...missing,
    `Judged on ${count(figures.rows, 'row')} of ${count(figures.days, 'day')}, ${date(figures.fromMs)} to ${date(figures.untilMs)}, none of which it was trained on.`,
    ...data.problems.slice(0, 10).map((problem) => `Left out: ${plain(problem)}.`),
    ...(data.problems.length > 10 ? [`… and ${data.problems.length - 10} more.`] : []),
  ]);
}

function promotionSection({ promotion }: ModelCard): readonly string[] {
  if (promotion === undefined) return [];
  const verdict = promotion.chosen === 'learned' ? 'is used' : 'is not used; the rate model is';
  const text = [
    `The learned model ${plain(promotion.candidate)} ${verdict}.`,
    list(promotion.reasons),
    comparisonTable(promotion.comparisons),
    `Means over ${count(promotion.stretches.length, 'stretch').replace(/hs$/, 'hes')} of time, each scored by models that were made before it. ${count(promotion.incidents, 'incident')} labelled.`,
  ];
  return [section('Learned model or rate model', text.join('\n\n'))];
}

function driftSection({ drift }: ModelCard): readonly string[] {
  return drift === undefined || drift.length === 0 ? [] : [section('Drift of features', driftTable(drift))];
}

function settingLines({ model }: ModelCard): string {
  const settings = Object.entries(model.settings).map(([name, value]) => `${plain(name)}: ${plain(String(value))}`);
  const seed = model.seed === undefined ? [] : [`seed: ${model.seed}`];
  return list([
    ...settings,
    ...seed,
    `${count(model.features.length, 'feature')}: ${plain(model.features.join(', '))}`,
  ]);
}
