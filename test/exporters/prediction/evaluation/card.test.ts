import { cardMarkdown } from '../../../../exporters/prediction/evaluation/card/card-markdown.ts';
import { makeCard } from '../../../../exporters/prediction/evaluation/card/make-card.ts';
import type { CardEvidence } from '../../../../exporters/prediction/evaluation/card/model-card.ts';
import { figuresOf } from '../../../../exporters/prediction/evaluation/figures.ts';
import { precursorsOf } from '../../../../exporters/prediction/evaluation/precursors.ts';
import { prequential, scoresOf } from '../../../../exporters/prediction/evaluation/prequential/prequential.ts';
import { stretchesOf } from '../../../../exporters/prediction/evaluation/prequential/stretches.ts';
import { decidePromotion } from '../../../../exporters/prediction/evaluation/promotion/decide.ts';
import { learnedScorer } from '../../../../exporters/prediction/evaluation/scorers/learned-scorer.ts';
import { rateScorer } from '../../../../exporters/prediction/evaluation/scorers/rate-scorer.ts';
import { dayMs, startMs } from '../fleet.ts';
import { scoredOf, simulatedFleet } from './scored.ts';
import { trainByBins } from './train-by-bins.ts';

function evidence(signal: number, more: Partial<CardEvidence> = {}): CardEvidence {
  const { table, labels, incidents } = simulatedFleet(9, signal, 100, 200);
  const input = { table, labels, horizon: '7d' as const, stretches: stretchesOf(table, '7d') };
  const rate = prequential(rateScorer({ incidents }), input);
  const learned = prequential(learnedScorer({ name: 'bins', train: trainByBins }), input);
  const promotion = decidePromotion({ moments: table, labels, horizon: '7d', incidents, rate, learned });
  const scores = scoresOf(promotion.chosen === 'learned' ? learned : rate, labels.length);
  return {
    model: {
      name: 'gpu failures',
      version: '3',
      madeAtMs: startMs + 250 * dayMs,
      horizon: '7d',
      trainedFromMs: startMs,
      trainedUntilMs: startMs + 240 * dayMs,
      rows: 28_800,
      failedRows: 900,
      features: ['signal', 'other'],
      settings: { trees: 200, learning_rate: 0.05 },
      seed: 1,
    },
    data: {
      gpus: 120,
      nodes: 15,
      incidents: incidents.length,
      bySource: { xid: incidents.length },
      missingValues: 0.125,
      problems: [],
    },
    figures: figuresOf({ moments: table, labels, scores, horizon: '7d', incidents }, { budgets: [1, 10] }),
    precursors: precursorsOf(incidents, []),
    promotion,
    ...more,
  };
}

const found = evidence(1.2);
const nothing = evidence(0);

test('for machines: plain data that survives JSON', () => {
  const card = makeCard(found);
  expect(card.version).toBe(1);
  expect(JSON.parse(JSON.stringify(card))).toEqual(JSON.parse(JSON.stringify({ ...card })));
  expect(card.figures).toEqual(found.figures);
});

test('for people: every section, every figure, and what it does not know before them', () => {
  const text = cardMarkdown(makeCard(found));
  const titles = [...text.matchAll(/^##? .*$/gm)].map(([title]) => title);
  expect(titles).toEqual([
    '# Model card: gpu failures, 7d ahead',
    '## What it does not know',
    '## Data',
    '## What counts as a failure',
    '## Figures',
    '## At a budget of alerts',
    '## Reliability',
    '## Learned model or rate model',
    '## Settings',
  ]);
  expect(text).toContain(
    'Version 3, made 2026-09-08. It was made from 28,800 rows of 2026-01-01 to 2026-08-29, of which 900 failed.',
  );
  expect(text).toContain('- 120 GPUs, 15 nodes,');
  expect(text).toContain('13 % of the feature values are missing.');
  expect(text).toContain('The learned model bins is used.');
  expect(text).toContain(`| Average precision | ${Number((found.figures.averagePrecision ?? 0).toPrecision(3))} |`);
  expect(text).toMatch(/\| 10 \| 0\.\d+ \| \d+ of \d+ \(\d+ %\) \| \d\.\d days \| \d\.\d days \|/);
  expect(text.match(/^\| .* to .* % \| [\d,]+ \| .* % \| .* % \|$/gm)).toHaveLength(found.figures.reliability.length);
  expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
});

test('where there is nothing to learn it says so', () => {
  const { limits } = makeCard(nothing);
  expect(nothing.promotion?.chosen).toBe('rate');
  expect(limits).toContain(
    'A learned model was tried and is not used: it has not proven better than the base rate and recent failures on this fleet.',
  );
  expect(limits.some((each) => /^\d+ of \d+ incidents \(\d+ %\) had neither an XID of raised risk/.test(each))).toBe(
    true,
  );
  expect(limits.some((each) => /^With 1 alert a day it warned of \d+ of \d+ incidents/.test(each))).toBe(true);
  expect(cardMarkdown(makeCard(nothing))).toContain('The learned model bins is not used; the rate model is.');
});

test('a prior without any data makes a card too', () => {
  const empty = scoredOf({}, []);
  const card = makeCard({
    model: {
      name: 'prior',
      version: '1',
      madeAtMs: startMs,
      horizon: '24h',
      rows: 0,
      failedRows: 0,
      features: [],
      settings: {},
    },
    data: {
      gpus: 1,
      nodes: 0,
      incidents: 0,
      bySource: {},
      problems: ['tickets.csv:3: `x` | <b>', ...Array.from({ length: 11 }, () => 'more')],
    },
    figures: figuresOf(empty, { budgets: [10] }),
    precursors: precursorsOf([], []),
  });
  expect(card.limits).toContain(
    'No incident lies in the time that was judged: nothing here says that the model works.',
  );
  expect(card.limits).toContain('12 records could not be used for labels; failures may be missing.');
  const text = cardMarkdown(card);
  expect(text).toContain('It was not trained: it is a prior.');
  expect(text).toContain('Left out: tickets.csv:3: \\`x\\` \\| \\<b\\>.');
  expect(text).toContain('… and 2 more.');
  expect(text).not.toMatch(/NaN|undefined|Infinity|## Drift|## Learned/);
});

test.each([
  [0, 'With 10 alerts a day it warned of 0 of 4 incidents (0 %).'],
  [1, 'With 10 alerts a day it warned of 1 of 4 incidents (25 %); the others came without a warning.'],
  [3, 'With 10 alerts a day it warned of 3 of 4 incidents (75 %); the other came without a warning.'],
  [4, 'With 10 alerts a day it warned of 4 of 4 incidents (100 %).'],
])('of %d warnings in four incidents', (caught, sentence) => {
  const [budget] = nothing.figures.budgets;
  if (budget === undefined) throw new Error('there is no budget');
  const budgets = [{ ...budget, perDay: 10, incidents: 4, caught, recall: caught / 4 }];
  expect(makeCard({ ...nothing, figures: { ...nothing.figures, budgets } }).limits).toContain(sentence);
});

test.each([
  [0, '0 of 1 incident (0 %) had', 'days before. Trends of telemetry'],
  [
    1,
    '1 of 1 incident (100 %) had',
    'days before: of these the rate model knows the base rate alone. Trends of telemetry',
  ],
])('%d of one incident without an earlier sign', (without, begin, end) => {
  const precursors = { incidents: 1, withSign: 1 - without, withEarlierFailure: 0, without, shareWithout: without };
  const said = makeCard({ ...nothing, precursors }).limits.find((each) => each.startsWith(begin));
  expect(said).toContain(end);
});

test('drift, few incidents, bad skill and wrong size are told', () => {
  const { figures } = nothing;
  const { limits } = makeCard({
    ...nothing,
    figures: { ...figures, brierSkill: -0.1, outcome: { observed: 90, expected: 10, incidents: 12 } },
    drift: [
      { feature: 'temperature', psi: 0.5, hasDrifted: true },
      { feature: 'power', psi: undefined, hasDrifted: false },
    ],
  });
  expect(limits).toContain(
    'Only 12 incidents in the time that was judged: figures of ranking may be far off by chance.',
  );
  expect(limits).toContain('Its probabilities are no better than one base rate for all.');
  expect(limits).toContain('Features that lie elsewhere than in training: temperature.');
  expect(limits.some((each) => each.includes('more than a factor of two'))).toBe(true);
  const text = cardMarkdown(makeCard({ ...nothing, drift: [{ feature: 'power', psi: undefined, hasDrifted: false }] }));
  expect(text).toContain('| power | – | no |');
});
