import { isOver } from '../../exporters/training/runs/life.ts';
import { medianOf } from '../../exporters/training/runs/robust-window.ts';
import { createRunState, type RunState } from '../../exporters/training/runs/run-state.ts';
import {
  flopsPerSecondPerGpu,
  mfu,
  samplesPerSecond,
  secondsLeft,
  tokensPerSecond,
} from '../../exporters/training/runs/speed.ts';
import type { RunSurvey } from './find/survey.ts';
import type { Problems } from './problems.ts';
import type { ValueUnit } from './quantity-series.ts';
import { curvesOf, type ReadRun } from './read/read-run.ts';
import type { OtherRun, RunReport, SourceReport, Steps, ValueReport } from './report.ts';
import { lossLikeTags, tagReports } from './tag-reports.ts';

/** What is said of a run, also of one with values that the exporter would not show. Undefined if nothing tells of a training. */
export function runReport(
  read: ReadRun,
  problems: Problems,
  isMapped: (tag: string) => boolean,
): RunReport | undefined {
  const { shown } = read;
  const tags = tagReports(read, isMapped);
  if (shown === undefined && tags.every(({ last }) => last === undefined)) return undefined;
  const { identity: found } = read.survey;
  const state = shown?.state ?? createRunState(found, { model: undefined, knownSince: Number.NEGATIVE_INFINITY });
  const labels = shown?.labels ?? { run: found.run, job_id: found.jobId, framework: 'unknown' };
  const { life, progress, identity, checkpoints } = state;
  const { axis, loss, evalLoss } = curvesOf(read);
  const hasLoss = loss.parts().length > 0 || state.loss.isFinite !== undefined;
  return {
    ...otherRun(read.survey),
    isShown: read.shown !== undefined,
    run: labels.run,
    jobId: labels.job_id,
    namespace: identity.namespace,
    pod: identity.pod,
    host: identity.host,
    framework: labels.framework,
    frameworks: read.recording.frameworks(),
    phase: life.phase,
    isAlive: life.alive,
    exitCode: life.exitCode,
    startedAt: life.startedAt,
    lastSignAt: life.lastSignAt,
    endedAt: life.endedAt,
    steps: stepsOf(state, read.recording.firstStep()),
    restarts: life.restarts,
    rollbacks: progress.rollbacks,
    wastedSteps: progress.wasted,
    nonfiniteLosses: Math.max(progress.nonfiniteLosses, progress.nonfiniteCounted),
    lossSpikes: state.loss.spikesByMad,
    checkpoints: {
      complete: checkpoints.complete,
      failed: checkpoints.failed,
      lastStep: checkpoints.lastStep,
      lastAt: checkpoints.lastAt,
    },
    ranks: Math.max(0, ...[...state.rankPhases.values()].map((times) => times.ranks.size)),
    values: valuesOf(state),
    sources: sourcesOf(read),
    problems: problems.named,
    furtherProblems: problems.further,
    tags,
    tagsLeftOut: read.tags.leftOut(),
    lossLike: hasLoss ? [] : lossLikeTags(tags),
    plot: { axis, loss: loss.parts(), evalLoss: evalLoss.parts() },
  };
}

export function otherRun({ identity, matches, files, bytes, newestSeconds }: RunSurvey): OtherRun {
  return { run: identity.run, path: matches[0]?.path ?? identity.key, files, bytes, writtenAt: newestSeconds };
}

function stepsOf(state: RunState, first: number | undefined): Steps {
  const { progress, gauges, times } = state;
  const median = medianOf(times.stepSeconds);
  return {
    first: progress.step === undefined ? undefined : first,
    last: progress.step,
    max: gauges.get('max_steps')?.value,
    medianSeconds: median,
    perReport: progress.report === undefined || median === undefined ? undefined : progress.reportSteps,
    secondsLeft: isOver(state) ? undefined : secondsLeft(state),
  };
}

/** The last values that matter most, also where the exporter hides a speed because the run is over. */
function valuesOf(state: RunState): readonly ValueReport[] {
  const { gauges, loss } = state;
  const lossValue = loss.isFinite === false ? Number.NaN : gauges.get('loss')?.value;
  const rows: readonly (readonly [string, string, number | undefined, ValueUnit])[] = [
    ['loss', 'loss', lossValue, 'none'],
    ['eval_loss', 'eval loss', gauges.get('eval_loss')?.value, 'none'],
    ['accuracy', 'accuracy', gauges.get('accuracy')?.value, 'none'],
    ['eval_accuracy', 'eval accuracy', gauges.get('eval_accuracy')?.value, 'none'],
    ['learning_rate', 'learning rate', gauges.get('learning_rate')?.value, 'none'],
    ['grad_norm', 'grad norm', gauges.get('grad_norm')?.value, 'none'],
    ['epoch', 'epoch', gauges.get('epoch')?.value, 'none'],
    ['tokens_per_second', 'tokens/s', tokensPerSecond(state), 'none'],
    ['tokens_per_second_per_gpu', 'tokens/s of one GPU', ofOneGpu(state), 'none'],
    ['samples_per_second', 'samples/s', samplesPerSecond(state), 'none'],
    ['mfu', 'MFU', mfu(state), 'ratio'],
    ['flops_per_second_per_gpu', 'FLOP/s of one GPU', flopsPerSecondPerGpu(state), 'flops'],
    ['memory_bytes', 'memory', memoryOf(state), 'bytes'],
    ['world_size', 'ranks', gauges.get('world_size')?.value, 'none'],
  ];
  return rows.flatMap(([name, title, value, unit]) => (value === undefined ? [] : [{ name, title, value, unit }]));
}

/** Where the number of ranks is not known, without which the exporter shows no tokens per second. */
function ofOneGpu(state: RunState): number | undefined {
  return tokensPerSecond(state) === undefined ? state.gauges.get('tokens_per_second_per_gpu')?.value : undefined;
}

/** What is needed most, as far as it is told. */
function memoryOf({ gauges }: RunState): number | undefined {
  const told = [
    'memory_max_allocated_bytes',
    'memory_active_bytes',
    'memory_allocated_bytes',
    'memory_reserved_bytes',
  ] as const;
  return told.map((quantity) => gauges.get(quantity)?.value).find((value) => value !== undefined);
}

function sourcesOf({ survey, counts }: ReadRun): readonly SourceReport[] {
  return [...survey.kinds].map(([kind, { files, bytes }]) => ({
    kind,
    files,
    bytes,
    readBytes: counts.bytes.get(kind) ?? 0,
    records: counts.records.get(kind) ?? 0,
  }));
}
