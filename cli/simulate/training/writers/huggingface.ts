import { noise } from '../../../../exporters/gpu/sources/simulated/random.ts';
import { createCheckpointShelf, noWeights } from '../checkpoint-shelf.ts';
import { createEventFile, type EventFile } from '../event-file.ts';
import { tokenAccuracyAt } from '../loss-curve.ts';
import { compactStamp, general, repr } from '../python-format.ts';
import type { CheckpointEvent, EvaluationEvent, FinishEvent, StartEvent, StepEvent } from '../run-model.ts';
import { type RunShape, tokensPerStep } from '../run-shape.ts';
import { writerPid } from '../simulated-run.ts';
import { createReportWindow, mean } from './report-window.ts';
import type { CreateRunWriter } from './run-writer.ts';
import { progressBar, trainerState } from './trainer-files.ts';

const log = 'train.log';

export type LogEntry = Readonly<Record<string, number>>;

/** Trainer of Hugging Face: dicts behind a progress bar, event files, `checkpoint-<n>` with trainer_state.json; transformers/trainer.py. */
export const createHuggingfaceWriter: CreateRunWriter = ({ run, shape, files, unixSeconds }) => {
  const shelf = createCheckpointShelf(files);
  const window = createReportWindow(shape.reportEvery);
  // Version 5 writes its values as strings.
  const isVersion5 = noise(run.seed, run.node, run.pod, 118) < 0.5;
  let events: EventFile | undefined;
  let history: readonly LogEntry[] = [];
  let trainingSecond = 0;

  const epochAt = (step: number): number => (step * shape.batchSize) / shape.samplesPerEpoch;
  const prefixed = (entry: LogEntry): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(entry).map(([key, value]) => [tagOf(key), value]));

  function report(step: number, second: number, values: LogEntry): void {
    const entry = { ...values, epoch: round(epochAt(step), 4) };
    history = [...history, { ...entry, step }];
    files.append(log, `${pythonDict(entry, isVersion5)}\n`);
    events?.add(step, unixSeconds(second), prefixed(entry));
    events?.flush();
  }

  function start({ second, attempt, fromStep }: StartEvent): void {
    const openedSeconds = unixSeconds(second);
    const folder = `runs/${compactStamp(openedSeconds)}_${run.nodeName}`;
    events = createEventFile({ folder, host: run.nodeName, pid: writerPid(run, attempt), openedSeconds }, files);
    history = history.filter(({ step = 0 }) => step <= fromStep);
    trainingSecond = second + shape.startupSeconds;
    window.clear();
    files.append(log, preamble(shape, fromStep));
  }

  function step(event: StepEvent): void {
    files.append(log, progressBar(event.step, shape.maxSteps, event.second - trainingSecond));
    const steps = window.add(event);
    if (steps === undefined) return;
    const loss = mean(steps.map((each) => each.loss));
    report(event.step, event.second, {
      loss: round(loss, 4),
      grad_norm: event.gradNorm,
      learning_rate: event.learningRate,
      // As TRL's trainer for fine-tuning logs it.
      mean_token_accuracy: round(tokenAccuracyAt(loss), 4),
    });
  }

  function evaluation({ step: at, second, seconds, loss }: EvaluationEvent): void {
    report(at, second, {
      eval_loss: loss,
      eval_runtime: round(seconds, 4),
      eval_samples_per_second: round(512 / seconds, 3),
      eval_steps_per_second: round(64 / seconds, 3),
    });
  }

  function checkpoint({ step: at }: CheckpointEvent): void {
    const folder = checkpointFolder(at);
    for (const name of ['optimizer.pt', 'scheduler.pt', 'rng_state.pth']) files.replace(`${folder}/${name}`, noWeights);
    files.replace(`${folder}/trainer_state.json`, trainerState({ step: at, epoch: epochAt(at), history, shape }));
    shelf.put(folder);
  }

  function finish({ step: at, second }: FinishEvent): void {
    const seconds = second - trainingSecond;
    report(at, second, {
      train_runtime: round(seconds, 4),
      train_samples_per_second: round((at * shape.batchSize) / seconds, 3),
      train_steps_per_second: round(at / seconds, 3),
      total_flos: at * tokensPerStep(shape) * shape.flopsPerToken,
      train_loss: history.findLast(({ loss }) => loss !== undefined)?.['loss'] ?? 0,
    });
  }

  return {
    start,
    step,
    evaluation,
    checkpointBegin: ({ step: at }) => files.replace(`${checkpointFolder(at)}/model.safetensors`, noWeights),
    checkpoint,
    crash: () => {
      events = undefined;
      files.append(log, '\nRuntimeError: CUDA error: an illegal memory access was encountered\n');
    },
    finish,
    pass: (second) => events?.pass(unixSeconds(second)),
  };
};

function preamble({ batchSize, ranks, samplesPerEpoch, maxSteps }: RunShape, fromStep: number): string {
  const lines = [
    '***** Running training *****',
    `  Num examples = ${samplesPerEpoch.toLocaleString('en-US')}`,
    `  Instantaneous batch size per device = ${batchSize / ranks}`,
    `  Total train batch size (w. parallel, distributed & accumulation) = ${batchSize}`,
    `  Total optimization steps = ${maxSteps.toLocaleString('en-US')}`,
    ...(fromStep === 0 ? [] : [`  Continuing training from global step ${fromStep}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** rewrite_logs of transformers/integrations: `eval_loss` becomes `eval/loss`, all others get `train/`. */
function tagOf(key: string): string {
  return key.startsWith('eval_') ? `eval/${key.slice('eval_'.length)}` : `train/${key}`;
}

function pythonDict(entry: LogEntry, asStrings: boolean): string {
  const fields = Object.entries(entry).map(
    ([key, value]) => `'${key}': ${asStrings ? `'${general(value, 4)}'` : repr(value)}`,
  );
  return `{${fields.join(', ')}}`;
}

function checkpointFolder(step: number): string {
  return `checkpoint-${step}`;
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
