import { learnedScorer } from '../../../exporters/prediction/evaluation/scorers/learned-scorer.ts';
import type { Scorer } from '../../../exporters/prediction/evaluation/scorers/scorer.ts';
import { learnerOf } from '../../../exporters/prediction/learning/learner-of.ts';
import {
  type BoostedSettings,
  boostedDefaults,
  forestDefaults,
  type LearnerSettings,
  logisticDefaults,
} from '../../../exporters/prediction/learning/settings.ts';
import { train } from '../../../exporters/prediction/learning/train.ts';

/** Boosting as libraries have it by default: no L2, small leaves, large steps. */
export const libraryLike: BoostedSettings = {
  ...boostedDefaults,
  learningRate: 0.1,
  trees: 100,
  leaves: 31,
  minRows: 20,
  l2: 0,
  minHessian: 0,
  leafClip: 100,
};

export const learners: readonly (readonly [string, LearnerSettings])[] = [
  ['boosted', boostedDefaults],
  ['library-like', libraryLike],
  ['forest', forestDefaults],
  ['logistic', logisticDefaults],
];

export function scorerOf(name: string, settings: LearnerSettings): Scorer {
  return learnedScorer({
    name,
    train: (matrix) => learnerOf(train({ matrix, settings, seed: 1 }), matrix.columns),
  });
}
