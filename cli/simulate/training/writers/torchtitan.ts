import { createCheckpointShelf, noWeights } from '../checkpoint-shelf.ts';
import { createEventFile, type EventFile } from '../event-file.ts';
import { compactStamp, fixed, grouped, loggingStamp } from '../python-format.ts';
import type { CheckpointEvent, EvaluationEvent, StartEvent, StepEvent } from '../run-model.ts';
import { peakFlops } from '../run-shape.ts';
import { writerPid } from '../simulated-run.ts';
import { createRankLogs, type RankLogs } from './rank-logs.ts';
import { createReportWindow, mean } from './report-window.ts';
import type { CreateRunWriter } from './run-writer.ts';

const log = 'train.log';
const gibibytes = { active: 46.2, reserved: 52.4, total: 79.2 } as const;
const colour = {
  red: '\x1b[31m',
  green: '\x1b[32m',
  orange: '\x1b[38;2;180;60;0m',
  turquoise: '\x1b[38;2;54;234;195m',
  blue: '\x1b[34m',
  cyan: '\x1b[36m',
  magenta: '\x1b[35m',
  yellow: '\x1b[33m',
  reset: '\x1b[39m',
} as const;

/** torchtitan: coloured log, event files, JSON lines of each rank, `step-<n>` folders; torchtitan/components/metrics.py. */
export const createTorchtitanWriter: CreateRunWriter = ({ run, shape, files, unixSeconds }) => {
  const shelf = createCheckpointShelf(files);
  const window = createReportWindow(shape.reportEvery);
  const tokensOfRank = (shape.batchSize * shape.sequenceLength) / shape.ranks;
  let events: EventFile | undefined;
  let ranks: RankLogs | undefined;
  let reportedSecond = 0;

  function say(second: number, text: string): void {
    files.append(log, `[titan] ${loggingStamp(unixSeconds(second))} - root - INFO - ${text}\n`);
  }

  function start({ second, attempt, fromStep }: StartEvent): void {
    const openedSeconds = unixSeconds(second);
    const pid = writerPid(run, attempt);
    const folder = `tb/${compactStamp(openedSeconds)}`;
    events = createEventFile({ folder, host: run.nodeName, pid, openedSeconds }, files);
    ranks = createRankLogs({ run, attempt, fromStep, openedSeconds }, { files, unixSeconds });
    window.clear();
    reportedSecond = second + shape.startupSeconds;
    say(second, `Starting job: ${run.podName}`);
    if (fromStep > 0) say(second, `Loading the checkpoint from checkpoint/step-${fromStep}.`);
    say(second, `Training starts at step ${fromStep + 1}`);
  }

  function step(event: StepEvent): void {
    ranks?.step(event);
    const steps = window.add(event);
    if (steps === undefined) return;
    const seconds = event.second - reportedSecond;
    reportedSecond = event.second;
    const tps = (tokensOfRank * steps.length) / seconds;
    const flops = tps * shape.flopsPerToken;
    const dataLoading = mean(steps.map((each) => Math.max(...each.ranks.map((rank) => rank.dataLoadingSeconds))));
    say(
      event.second,
      [
        `${colour.red}step: ${String(event.step).padStart(2)}`,
        `${colour.green}loss: ${fixed(event.loss, 5).padStart(8)}`,
        `${colour.orange}grad_norm: ${fixed(event.gradNorm, 4).padStart(7)}`,
        `${colour.turquoise}memory: ${fixed(gibibytes.active, 2).padStart(5)}GiB(${fixed(memoryPercent(gibibytes.active), 2)}%)`,
        `${colour.blue}tps: ${grouped(tps, 0)}`,
        `${colour.cyan}tflops: ${grouped(flops / 1e12, 2)}`,
        `${colour.magenta}mfu: ${fixed((flops / peakFlops) * 100, 2)}%${colour.reset}`,
      ].join('  '),
    );
    events?.add(event.step, unixSeconds(event.second), {
      'loss_metrics/global_avg_loss': event.loss,
      'loss_metrics/global_max_loss': event.loss * 1.05,
      grad_norm: event.gradNorm,
      lr: event.learningRate,
      'throughput(tps)': tps,
      tflops: flops / 1e12,
      'mfu(%)': (flops / peakFlops) * 100,
      'time_metrics/end_to_end(s)': seconds / steps.length,
      'time_metrics/data_loading(s)': dataLoading,
      'time_metrics/data_loading(%)': (dataLoading / (seconds / steps.length)) * 100,
      'memory/max_active(GiB)': gibibytes.active,
      'memory/max_active(%)': memoryPercent(gibibytes.active),
      'memory/max_reserved(GiB)': gibibytes.reserved,
      'memory/max_reserved(%)': memoryPercent(gibibytes.reserved),
      'memory/num_alloc_retries': 0,
      'memory/num_ooms': 0,
    });
  }

  function evaluation({ step: at, second, loss }: EvaluationEvent): void {
    say(
      second,
      `${colour.yellow}validate step: ${String(at).padStart(2)}  ${colour.green}loss: ${fixed(loss, 4).padStart(7)}${colour.reset}`,
    );
    events?.add(at, unixSeconds(second), { 'validation_metrics/global_avg_loss': loss });
  }

  function checkpoint(event: CheckpointEvent): void {
    const folder = checkpointFolder(event.step);
    files.replace(`${folder}/.metadata`, noWeights);
    ranks?.checkpoint(event);
    say(event.second, `Finished saving the checkpoint in ${fixed(event.seconds, 2)} seconds.`);
    shelf.put(folder);
  }

  return {
    start,
    step,
    evaluation,
    checkpointBegin: ({ step: at, second }) => {
      say(second, 'Saving the checkpoint.');
      files.replace(`${checkpointFolder(at)}/__0_0.distcp`, noWeights);
    },
    checkpoint,
    crash: () => {
      events = undefined;
      ranks = undefined;
      files.append(log, 'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n');
    },
    finish: ({ second }) => {
      events?.flush();
      say(second, 'Training completed');
    },
    pass: (second) => events?.pass(unixSeconds(second)),
  };
};

function checkpointFolder(step: number): string {
  return `checkpoint/step-${step}`;
}

function memoryPercent(gibi: number): number {
  return (gibi / gibibytes.total) * 100;
}
