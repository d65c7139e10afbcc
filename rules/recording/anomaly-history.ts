import type { Unit } from '../../metrics/define.ts';
import type { LabelName } from '../../metrics/labels.ts';
import { type Expr, promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { lately, settled, spreadOf, usually } from '../history.ts';
import { defineRecordings } from '../recording.ts';
import { isEngine } from '../serving.ts';
import { perRun } from '../vectors.ts';
import { inferenceGroup } from './inference.ts';

const run = ['cluster', 'run', 'job_id', 'framework'] as const;
const model = ['cluster', 'engine_kind', 'model_name'] as const;
const served = inferenceGroup.series;
const tokens = training.training_tokens_per_second;
const mfu = training.training_mfu_ratio;
const requests = served['model:inference_requests:rate5m'];
const generated = select(served['model:inference_tokens_generated:rate5m'], isEngine);
const active = select(served['model:inference_active_connections:sum'], isEngine);

export interface Described<L extends LabelName> {
  readonly what: string;
  readonly unit: Unit;
  readonly labels: readonly L[];
}

/** Only once it is settled: of a run or an engine that is younger nothing is usual yet. */
function median<L extends LabelName>(of: Described<L>, usual: Expr, known: Expr) {
  const { what, unit, labels } = of;
  return {
    help: `Median over two hours of ${what}, without the last ten minutes.`,
    unit,
    labels,
    expr: promql`${usual} and ${known}`,
  } as const;
}

function spread<L extends LabelName>({ what, unit, labels }: Described<L>, expr: Expr) {
  return { help: `Distance between the quartiles over the same two hours of ${what}.`, unit, labels, expr } as const;
}

export const ofTokens = { what: 'the tokens per second of the run', unit: 'none', labels: run } as const;
export const ofMfu = { what: 'the model FLOPs utilization of the run', unit: 'ratio', labels: run } as const;
export const ofGenerated = { what: 'the tokens of answers per second', unit: 'none', labels: model } as const;
const ofActive = { what: 'the number of requests that are being worked on', unit: 'none', labels: model } as const;

/**
 * What each run and each model usually does, by its own last two hours: for drops, which may be to nothing. Medians, since they do not follow
 * what is looked for until it has lasted an hour. Cost: a rule reads two hours of samples of each run or model.
 */
export const anomalyHistoryGroup = defineRecordings(
  { group: 'anomaly-history', interval: '1m' },
  {
    'run:training_tokens_per_second:avg5m': {
      help: 'Mean over five minutes of the tokens per second of the run.',
      unit: 'none',
      labels: run,
      expr: perRun(lately(tokens)),
    },
    'run:training_tokens_per_second:median2h': median(ofTokens, perRun(usually(tokens)), perRun(settled(tokens))),
    'run:training_tokens_per_second:spread2h': spread(ofTokens, perRun(spreadOf(tokens))),
    'run:training_mfu_ratio:avg5m': {
      help: 'Mean over five minutes of the model FLOPs utilization of the run.',
      unit: 'ratio',
      labels: run,
      expr: perRun(lately(mfu)),
    },
    'run:training_mfu_ratio:median2h': median(ofMfu, perRun(usually(mfu)), perRun(settled(mfu))),
    'run:training_mfu_ratio:spread2h': spread(ofMfu, perRun(spreadOf(mfu))),
    'model:inference_requests:avg15m': {
      help: 'Requests per second of a quarter of an hour, as the proxy has it where there is one: what went through it shows at the engine too.',
      unit: 'none',
      labels: model,
      expr: promql`avg_over_time(${select(requests, { engine_kind: 'proxy' })}[15m])
or on (cluster, model_name)
avg_over_time(${requests}[15m])`,
    },
    'model:inference_tokens_generated:median2h': median(ofGenerated, usually(generated), settled(generated)),
    'model:inference_tokens_generated:spread2h': spread(ofGenerated, spreadOf(generated)),
    'model:inference_active_connections:median2h': median(ofActive, usually(active), settled(active)),
  },
);
