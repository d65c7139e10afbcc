import { hashOf } from '../../../../../exporters/prediction/learning/model/canonical.ts';
import type { ModelCard } from '../../../../../exporters/prediction/learning/model/model.ts';
import { checkSchema, readModel } from '../../../../../exporters/prediction/learning/model/read-model.ts';
import { createModel, writeModel } from '../../../../../exporters/prediction/learning/model/write-model.ts';
import {
  boostedDefaults,
  forestDefaults,
  type LearnerSettings,
  logisticDefaults,
} from '../../../../../exporters/prediction/learning/settings.ts';
import { train } from '../../../../../exporters/prediction/learning/train.ts';
import { riskRows } from '../../../../support/risk-rows.ts';

const schema = { version: 3, names: ['ecc_rate_24h', 'temperature_mean_1h', 'scrape_gaps_24h'] };
const matrix = riskRows({ rows: 300, columns: 3, missing: 0.2 });
const boosted: LearnerSettings = { ...boostedDefaults, trees: 4, leaves: 4, minRows: 10, monotone: [1, 0, 0] };

function modelOf(settings: LearnerSettings) {
  const card: ModelCard = {
    schema,
    horizon: '7d',
    settings,
    seed: 11,
    baseRate: 0.25,
    trainingWindow: { fromMs: 1_700_000_000_000, toMs: 1_710_000_000_000 },
    labelDefinition: 'a GPU leaves service for hardware within 7 days',
    counts: { rows: 300, failures: 80, entities: 40 },
    provenance: { version: '0.1.0', prometheus: 'http://prometheus:9090' },
  };
  return createModel(card, train({ matrix, settings, seed: 11 }));
}

const text = writeModel(modelOf(boosted));

type Content = Record<string, unknown> & { trees: Record<string, unknown[]>[]; schema: Record<string, unknown> };

/** The text of a model with other content, and a hash that fits it. */
function forged(change: (content: Content) => void): string {
  const { hash: _, ...content } = JSON.parse(text);
  change(content);
  return JSON.stringify({ ...content, hash: hashOf(content) });
}

test.each<[string, LearnerSettings]>([
  ['boosted', boosted],
  ['forest', { ...forestDefaults, trees: 3, leaves: 6 }],
  ['logistic', logisticDefaults],
])('a %s model is the same after it was written and read, and the same model is the same text', (_, settings) => {
  const model = modelOf(settings);
  const read = readModel(writeModel(model), 'gpu-7d.json');
  expect(read.card).toEqual(model.card);
  expect(read.hash).toBe(model.hash);
  expect(writeModel(read)).toBe(writeModel(modelOf(settings)));
});

test('an infinite threshold survives', () => {
  const read = readModel(
    forged(({ trees }) => {
      (trees[0]?.['threshold'] ?? [])[0] = null;
    }),
    'm.json',
  );
  expect(read.body.kind === 'boosted' && read.body.trees[0]?.threshold[0]).toBe(Number.POSITIVE_INFINITY);
});

const set = (key: string, at: number, value: unknown) => (content: Content) => {
  (content.trees[0]?.[key] ?? [])[at] = value;
};

test.each<[string, string, string]>([
  ['cut off', text.slice(0, -30), 'it is no JSON, or cut off'],
  ['empty', '', 'it is no JSON, or cut off'],
  ['a list', '[]', 'm.json must be keys and values'],
  ['of somebody else', '{"format":"xgboost"}', 'its format is not fleetlens-risk-model'],
  ['changed by hand', text.replace('"seed":11', '"seed":12'), 'its content is not what its hash says'],
  [
    'of another version',
    forged((content) => (content['formatVersion'] = 2)),
    'it has format version 2, and this program reads 1',
  ],
  ['with a key more', forged((content) => (content['code'] = 'x')), 'has the unknown key code'],
  [
    'of an unknown kind',
    forged((content) => (content['kind'] = 'oracle')),
    'kind must be one of boosted, forest, logistic',
  ],
  [
    'of two kinds',
    forged((content) => (content['settings'] = { ...logisticDefaults })),
    'its settings are of logistic, its kind is boosted',
  ],
  [
    'with wild settings',
    forged((content) => (content['settings'] = { ...boosted, leaves: 1e9 })),
    'settings.leaves must be a whole number',
  ],
  [
    'without features',
    forged(({ schema: s }) => (s['names'] = [])),
    'schema.names must be a list of at least one feature',
  ],
  ['with a feature twice', forged(({ schema: s }) => (s['names'] = ['a', 'b', 'a'])), 'schema.names has "a" twice'],
  [
    'with a horizon of its own',
    forged((content) => (content['horizon'] = '9d')),
    'horizon must be one of 24h, 7d, 30d',
  ],
  [
    'trained backwards',
    forged((content) => (content['trainingWindow'] = { fromMs: 5, toMs: 4 })),
    'trainingWindow.toMs must be a number from 5',
  ],
  [
    'with too many failures',
    forged((content) => (content['counts'] = { rows: 3, failures: 4, entities: 1 })),
    'counts.failures must be a whole number from 0 to 3',
  ],
  ['with a base that is a text', forged((content) => (content['base'] = '0')), 'base must be a finite number, got "0"'],
  [
    'with too many trees',
    forged((content) => (content.trees = new Array(10_001).fill({}))),
    'trees has 10001 entries; at most 10000',
  ],
  [
    'with an empty tree',
    forged((content) => ((content.trees[0] ?? {})['feature'] = [])),
    'trees[0].feature must have from 1 to 8191 nodes',
  ],
  [
    'with a huge tree',
    forged((content) => ((content.trees[0] ?? {})['feature'] = new Array(8192).fill(-1))),
    'from 1 to 8191 nodes',
  ],
  [
    'with a column that is not there',
    forged(set('feature', 0, 3)),
    'trees[0].feature[0] must be a whole number from -1 to 2, got 3',
  ],
  ['with a child outside', forged(set('left', 0, 99)), 'trees[0].left[0] must be a whole number from -1 to'],
  ['that goes in a circle', forged(set('left', 1, 0)), 'trees[0]'],
  ['that meets itself', forged(set('right', 0, 1)), 'trees[0] leads to node 1 from more than one other'],
  ['with a decision that leads nowhere', forged(set('left', 0, -1)), 'a child comes after its parent'],
  ['with a wild leaf', forged(set('value', 6, 1e300)), 'trees[0].value[6] must be a number from -100 to 100'],
  ['with a value that is none', forged(set('value', 6, null)), 'trees[0].value[6] must be a number'],
  ['with rows that do not add up', forged(set('cover', 0, 7)), 'training rows in node 0, but its children have'],
  ['with a node without rows', forged(set('cover', 6, 0)), 'trees[0].cover[6] must be a number from 1'],
  [
    'with columns of different lengths',
    forged((content) => content.trees[0]?.['value']?.pop()),
    'trees[0].value has 6 entries; it must have 7',
  ],
  ['with a number beyond all', text.replace(/"base":[^,]+/, '"base":1e999'), 'its content is not what its hash says'],
])('a file %s is refused in words', (_, content, sentence) => {
  const read = () => readModel(content, 'm.json');
  expect(read).toThrow(/^m\.json is not used as a model: .*; train it anew$/);
  expect(read).toThrow(sentence);
});

test('a model of other features is refused, by the first that differs', () => {
  const model = modelOf(boosted);
  const [first = '', second = '', third = ''] = schema.names;
  expect(() => checkSchema(model, schema, 'm.json')).not.toThrow();
  expect(() => checkSchema(model, { ...schema, version: 4 }, 'm.json')).toThrow(
    'm.json was learned from other features: its features are of version 3, and that is 4 now; train it anew',
  );
  expect(() => checkSchema(model, { version: 3, names: [first, third, second] }, 'm.json')).toThrow(
    'its column 1 is temperature_mean_1h, and that is scrape_gaps_24h now',
  );
  expect(() => checkSchema(model, { version: 3, names: [first, second] }, 'm.json')).toThrow(
    'it has 3 columns, and there are 2 now',
  );
});
