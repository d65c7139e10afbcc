import type { Metric } from '../../metrics/define.ts';
import type { LabelName } from '../../metrics/labels.ts';
import { promql } from '../../metrics/promql.ts';
import { type History, robustScore } from '../history.ts';
import { defineRecordings } from '../recording.ts';
import { type Threshold, thresholds } from '../thresholds.ts';
import { anomalyHistoryGroup, type Described, ofGenerated, ofMfu, ofTokens } from './anomaly-history.ts';
import { inferenceGroup } from './inference.ts';

const { series } = anomalyHistoryGroup;
const runTokens = linesAround(
  ofTokens,
  series['run:training_tokens_per_second:median2h'],
  thresholds.trainingThroughputDropRatio,
);
const runMfu = linesAround(ofMfu, series['run:training_mfu_ratio:median2h'], thresholds.trainingThroughputDropRatio);
const modelTokens = linesAround(
  ofGenerated,
  series['model:inference_tokens_generated:median2h'],
  thresholds.inferenceThroughputDropRatio,
);

/** Lines to be drawn; below the lower one the alert about it waits. */
function linesAround<L extends LabelName>(
  { what, unit, labels }: Described<L>,
  usual: Metric<string, 'gauge'>,
  ratio: Threshold,
) {
  return {
    low: {
      help: `Lower line of what is usual within two hours for ${what}.`,
      unit,
      labels,
      expr: promql`${ratio} * ${usual}`,
    },
    high: {
      help: `Upper line of what is usual within two hours for ${what}, as far from the median as the lower one.`,
      unit,
      labels,
      expr: promql`(2 - ${ratio}) * ${usual}`,
    },
  } as const;
}

function score<L extends LabelName>({ what, labels }: Described<L>, history: History) {
  return {
    help: `Robust deviations from the median of two hours of ${what}, with a sign.`,
    unit: 'none',
    labels,
    expr: robustScore(history),
  } as const;
}

/**
 * How far each run and each model is from what it usually does: lines to be drawn around the level, and a score to rank by. Cost: one sample of
 * each series for each evaluation.
 */
export const anomalyScoreGroup = defineRecordings(
  { group: 'anomaly-score', interval: '1m' },
  {
    'run:training_tokens_per_second:low2h': runTokens.low,
    'run:training_tokens_per_second:high2h': runTokens.high,
    'run:training_tokens_per_second:score': score(ofTokens, {
      level: series['run:training_tokens_per_second:avg5m'],
      median: series['run:training_tokens_per_second:median2h'],
      spread: series['run:training_tokens_per_second:spread2h'],
    }),
    'run:training_mfu_ratio:low2h': runMfu.low,
    'run:training_mfu_ratio:high2h': runMfu.high,
    'run:training_mfu_ratio:score': score(ofMfu, {
      level: series['run:training_mfu_ratio:avg5m'],
      median: series['run:training_mfu_ratio:median2h'],
      spread: series['run:training_mfu_ratio:spread2h'],
    }),
    'model:inference_tokens_generated:low2h': modelTokens.low,
    'model:inference_tokens_generated:high2h': modelTokens.high,
    'model:inference_tokens_generated:score': score(ofGenerated, {
      level: inferenceGroup.series['model:inference_tokens_generated:rate5m'],
      median: series['model:inference_tokens_generated:median2h'],
      spread: series['model:inference_tokens_generated:spread2h'],
    }),
  },
);
