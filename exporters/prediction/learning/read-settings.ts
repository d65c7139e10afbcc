import { fieldsOf, invalid, listOf, oneOf, type Place, wholeOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { numberOf } from './model/read-values.ts';
import {
  type BoostedSettings,
  boostedDefaults,
  type ForestSettings,
  forestDefaults,
  type LearnerSettings,
  type LogisticSettings,
  logisticDefaults,
  type Monotone,
  modelKinds,
} from './settings.ts';

type Read = (key: string) => Place;

/** Settings as somebody wrote them, every key present and in its bounds. Throws ConfigError. */
export function readSettings(place: Place, columns: number): LearnerSettings {
  const kind = oneOf(
    { value: (place.value as { kind?: unknown } | undefined | null)?.kind, where: `${place.where}.kind` },
    modelKinds,
  );
  switch (kind) {
    case 'boosted':
      return readBoosted(fieldsOf(place, Object.keys(boostedDefaults)), columns);
    case 'forest':
      return readForest(fieldsOf(place, Object.keys(forestDefaults)));
    case 'logistic':
      return readLogistic(fieldsOf(place, Object.keys(logisticDefaults)));
  }
}

function readBoosted(field: Read, columns: number): BoostedSettings {
  return {
    kind: 'boosted',
    ...readTrees(field, 255),
    learningRate: numberOf(field('learningRate'), 1e-4, 1),
    minHessian: numberOf(field('minHessian'), 0, 1e9),
    leafClip: numberOf(field('leafClip'), 1e-3, 100),
    rowShare: numberOf(field('rowShare'), 1e-3, 1),
    columnShare: numberOf(field('columnShare'), 1e-3, 1),
    patienceTrees: wholeOf(field('patienceTrees'), { min: 0, max: 10_000 }),
    monotone: monotoneOf(field('monotone'), columns),
    negativeShare: negativeShareOf(field),
  };
}

function readForest(field: Read): ForestSettings {
  return { kind: 'forest', ...readTrees(field, 4096), negativeShare: negativeShareOf(field) };
}

function readLogistic(field: Read): LogisticSettings {
  return { kind: 'logistic', c: numberOf(field('c'), 1e-9, 1e9), negativeShare: negativeShareOf(field) };
}

function readTrees(field: Read, maxLeaves: number) {
  return {
    trees: wholeOf(field('trees'), { min: 1, max: 10_000 }),
    leaves: wholeOf(field('leaves'), { min: 2, max: maxLeaves }),
    minRows: wholeOf(field('minRows'), { min: 1, max: 1e9 }),
    l2: numberOf(field('l2'), 0, 1e9),
  };
}

function negativeShareOf(field: Read): number {
  return numberOf(field('negativeShare'), 1e-6, 1);
}

function monotoneOf(place: Place, columns: number): readonly Monotone[] {
  const list = listOf(place, columns);
  if (list.length !== 0 && list.length !== columns)
    throw new ConfigError(`${place.where} has ${list.length} entries; it must have one for each of ${columns} columns`);
  return list.map((each) => {
    const { value } = each;
    if (value !== -1 && value !== 0 && value !== 1) throw invalid(each, '-1, 0 or 1');
    return value;
  });
}
