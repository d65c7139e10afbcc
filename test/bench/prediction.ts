import { boostedDefaults } from '../../exporters/prediction/learning/settings.ts';
import type { Bench } from './bench.ts';
import { faultTraceRows } from './prediction/fault-trace.ts';
import { readFaultTrace } from './prediction/fault-trace-data.ts';
import { faultTraceLearnerRows, hbmLearnerRows } from './prediction/learner-figures.ts';
import { scorerOf } from './prediction/learners.ts';
import { trainingCostRows } from './prediction/training-cost.ts';

export const prediction: Bench = {
  name: 'prediction',
  about:
    'learners and the rate model on public failure data (with --data DIR) against what scikit-learn reaches there, and what training and scores with reasons cost',
  isLong: true,
  run: async (progress, { data }) => {
    const cost = await trainingCostRows(progress);
    if (data === undefined) return cost;
    return [
      ...cost,
      ...(await faultTraceLearnerRows(readFaultTrace(data), progress)),
      ...(await hbmLearnerRows(data, progress)),
      ...(await faultTraceRows(progress, { data, candidates: [scorerOf('boosted', boostedDefaults)] })),
    ];
  },
};
