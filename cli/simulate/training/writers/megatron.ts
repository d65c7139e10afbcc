import { createCheckpointShelf, noWeights } from '../checkpoint-shelf.ts';
import { createEventFile, type EventFile } from '../event-file.ts';
import { fixed, fraction, scientific, utcStamp } from '../python-format.ts';
import type { CheckpointEvent, EvaluationEvent, StartEvent, StepEvent } from '../run-model.ts';
import { flopsPerGpu, type RunShape } from '../run-shape.ts';
import { writerPid } from '../simulated-run.ts';
import type { CreateRunWriter, WriterContext } from './run-writer.ts';

const log = 'train.log';
const checkpoints = 'checkpoints';
const gibibyte = 1024 ** 3;

/** Megatron-LM: a log line for each iteration, event files, `iter_<n>` folders; megatron/training/training.py and checkpointing.py. */
export const createMegatronWriter: CreateRunWriter = (context) => {
  const { run, shape, files, unixSeconds } = context;
  const shelf = createCheckpointShelf(files);
  let events: EventFile | undefined;

  function start({ second, attempt, fromStep }: StartEvent): void {
    const openedSeconds = unixSeconds(second);
    const pid = writerPid(run, attempt);
    events = createEventFile({ folder: 'tensorboard', host: run.nodeName, pid, openedSeconds }, files);
    files.append(log, preamble(context, second, fromStep));
  }

  function step(event: StepEvent): void {
    files.append(log, iterationLine(context, event));
    const at = unixSeconds(event.second);
    const scalars = scalarsOf(context, event);
    events?.add(event.step, at, scalars);
    // Nearly every tag has a twin whose steps are samples.
    const twins = { 'learning-rate vs samples': event.learningRate, 'lm loss vs samples': event.loss };
    events?.add(event.step * shape.batchSize, at, twins);
  }

  function evaluation({ step: at, second, loss }: EvaluationEvent): void {
    const line = ` validation loss at iteration ${at} | lm loss value: ${scientific(loss, 6)} | lm loss PPL: ${scientific(Math.exp(loss), 6)} | `;
    files.append(log, `${'-'.repeat(line.length)}\n${line}\n${'-'.repeat(line.length)}\n`);
    const ppl = Math.exp(Math.min(20, loss));
    events?.add(at, unixSeconds(second), { 'lm loss validation': loss, 'lm loss validation ppl': ppl });
  }

  function checkpoint({ step: at }: CheckpointEvent): void {
    const folder = iterationFolder(at);
    for (const name of ['common.pt', '.metadata', 'metadata.json']) files.replace(`${folder}/${name}`, noWeights);
    files.replace(`${checkpoints}/latest_checkpointed_iteration.txt`, String(at));
    files.append(
      log,
      `  successfully saved checkpoint from iteration ${padded(at, 7)} to ${checkpoints} [ t 1/1, p 1/1 ]\n`,
    );
    shelf.put(folder);
  }

  return {
    start,
    step,
    evaluation,
    checkpointBegin: ({ step: at }) => {
      files.append(log, `saving checkpoint at iteration ${padded(at, 7)} to ${checkpoints} in torch_dist format\n`);
      files.replace(`${iterationFolder(at)}/__0_0.distcp`, noWeights);
    },
    checkpoint,
    crash: () => {
      // What was not flushed is lost with the process.
      events = undefined;
      files.append(log, 'torch.distributed.DistBackendError: NCCL error: remote process exited\n');
    },
    finish: ({ second }) => {
      events?.flush();
      files.append(log, `[after training is done] datetime: ${utcStamp(unixSeconds(second))} \n`);
    },
    pass: (second) => events?.pass(unixSeconds(second)),
  };
};

function preamble({ run, unixSeconds }: WriterContext, second: number, fromStep: number): string {
  const now = utcStamp(unixSeconds(second));
  const loaded =
    fromStep === 0
      ? `WARNING: could not find the metadata file ${checkpoints}/latest_checkpointed_iteration.txt\n    will not load any checkpoints and will start from random\n`
      : ` loading distributed checkpoint from ${checkpoints} at iteration ${fromStep}\n  successfully loaded checkpoint from ${checkpoints} [ t 1/1, p 1/1 ] at iteration ${fromStep}\n`;
  return `using world size: ${run.ranks}, data-parallel size: ${run.ranks}, context-parallel size: 1, tensor-model-parallel size: 1, pipeline-model-parallel size: 1 \nsetting tensorboard ...\n${loaded}[after dataloaders are built] datetime: ${now} \ndone with setup ...\ntraining ...\n[before the start of training step] datetime: ${now} \n`;
}

function iterationLine({ shape, unixSeconds }: WriterContext, event: StepEvent): string {
  const { step, second, seconds, loss, gradNorm, learningRate } = event;
  const now = unixSeconds(second);
  const isBroken = Number.isNaN(loss);
  const parts = [
    ` [${utcStamp(now)}.${fraction(now, 6)}] iteration ${padded(step, 8)}/${padded(shape.maxSteps, 8)}`,
    `consumed samples: ${padded(step * shape.batchSize, 12)}`,
    `elapsed time per iteration (ms): ${fixed(seconds * 1000, 1)}`,
    `throughput per GPU (TFLOP/s/GPU): ${fixed(teraflops(shape, seconds), 1)}`,
    `learning rate: ${scientific(learningRate, 6)}`,
    `global batch size: ${padded(shape.batchSize, 5)}`,
    // Printed only if it is above zero, which NaN is not.
    ...(isBroken ? [] : [`lm loss: ${scientific(loss, 6)}`]),
    'loss scale: 1.0',
    `grad norm: ${fixed(gradNorm, 3)}`,
    `number of skipped iterations: ${padded(0, 3)}`,
    `number of nan iterations: ${padded(isBroken ? 1 : 0, 3)}`,
  ];
  return `${parts.join(' | ')} |\n`;
}

function scalarsOf({ run, shape }: WriterContext, event: StepEvent): Readonly<Record<string, number>> {
  return {
    'learning-rate': event.learningRate,
    'batch-size': shape.batchSize,
    'lm loss': event.loss,
    'loss-scale': 1,
    'world-size': run.ranks,
    'grad-norm': event.gradNorm,
    'mem-allocated-bytes': 41.5 * gibibyte,
    'mem-max-allocated-bytes': 58.25 * gibibyte,
    'iteration-time': event.seconds,
    throughput: teraflops(shape, event.seconds),
  };
}

function teraflops(shape: RunShape, seconds: number): number {
  return flopsPerGpu(shape, seconds) / 1e12;
}

function iterationFolder(step: number): string {
  return `${checkpoints}/iter_${String(step).padStart(7, '0')}`;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width);
}
