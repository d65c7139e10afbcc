import type { TagTable } from './tag-table.ts';

/**
 * CatBoost writes the name of each metric as the tag (catboost/libs/logging, names: catboost.ai/docs/en/concepts/loss-functions), into
 * one file for the training set and one for each evaluation set. The step is the number of the tree.
 */
export const catboost: TagTable = {
  framework: 'catboost',
  axis: 'steps',
  tags: {
    Logloss: 'loss',
    CrossEntropy: 'loss',
    MultiClass: 'loss',
    MultiClassOneVsAll: 'loss',
    RMSE: 'loss',
    MAE: 'loss',
    MAPE: 'loss',
    Poisson: 'loss',
    Quantile: 'loss',
    Accuracy: 'accuracy',
  },
};
