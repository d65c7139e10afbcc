import { parseCount, parseFigure } from '../figure.ts';
import type { CreateLogParser } from '../log-parser.ts';

/** `_report_progress` of deepspeed/runtime/engine.py. */
const progress = /\bstep=(\d{1,15}), skipped=(\d{1,15}), lr=\[+([^\],]{1,30})/;
/** `ThroughputTimer.stop` of deepspeed/utils/timer.py, also in its older forms. */
const throughput =
  /(?:global_step=(\d{1,15})|\b\d+\/\d+), (?:RunningAvg)?SamplesPerSec=(\S{1,40}?)(?:, CurrSamplesPerSec=(\S{1,40}?))?(?:, MemAllocated=([\d.]{1,20})GB, MaxMemAllocated=([\d.]{1,20})GB)?$/;
/** `train_batch` of deepspeed/runtime/pipe/engine.py; further losses may stand between. */
const pipeline =
  /\bsteps: (\d{1,15}) loss: (\S{1,40}) (?:.{0,500} )?iter time \(s\): (\S{1,40}) samples\/sec: (\S{1,40})/;

/** DeepSpeed prints GiB and calls them GB. */
const gib = 2 ** 30;
/**
 * Skipped steps are counted from the beginning of training, also after a restart from a checkpoint. The first count of a log is taken as
 * new only where training has just begun; DeepSpeed prints every 10 steps unless it is told otherwise.
 */
const freshSteps = 100;

export const createDeepSpeedLog: CreateLogParser = ({ stream, memory, timeOf }) => {
  function takeProgress(text: string): boolean {
    const match = progress.exec(text);
    const step = parseCount(match?.[1]);
    const skipped = parseCount(match?.[2]);
    if (match === null || step === undefined || skipped === undefined) return false;
    const time = timeOf(text);
    const rate = parseFigure(match[3] ?? '');
    memory.step = step;
    if (rate !== undefined) stream.value('learning_rate', rate, step, time);
    stream.value('skipped_steps', newlySkipped(skipped, step), step, time);
    return true;
  }

  function newlySkipped(skipped: number, step: number): number {
    const before = memory.skipped ?? (step <= freshSteps ? 0 : skipped);
    memory.skipped = skipped;
    return Math.max(0, skipped - before);
  }

  /** Its global_step starts at 0 with every process, so the step of the line before it counts. */
  function takeThroughput(text: string): boolean {
    const match = throughput.exec(text.trimEnd());
    if (match === null) return false;
    const [, globalStep, average = '', current, allocated, maxAllocated] = match;
    const step = memory.step ?? parseCount(globalStep);
    const time = timeOf(text);
    const rate = parseFigure(current ?? average);
    if (rate !== undefined && Number.isFinite(rate)) stream.value('samples_per_second', rate, step, time);
    tellGib('memory_allocated_bytes', allocated, step, time);
    tellGib('memory_max_allocated_bytes', maxAllocated, step, time);
    return true;
  }

  function tellGib(
    quantity: 'memory_allocated_bytes' | 'memory_max_allocated_bytes',
    figure: string | undefined,
    step: number | undefined,
    time: number | undefined,
  ): void {
    const value = figure === undefined ? undefined : parseFigure(figure);
    if (value !== undefined) stream.value(quantity, value * gib, step, time);
  }

  function takePipeline(text: string): boolean {
    const match = pipeline.exec(text);
    const step = parseCount(match?.[1]);
    if (match === null || step === undefined) return false;
    const time = timeOf(text);
    memory.step = step;
    const figures = [
      ['loss', match[2]],
      ['step_seconds', match[3]],
      ['samples_per_second', match[4]],
    ] as const;
    for (const [quantity, figure = ''] of figures) {
      const value = parseFigure(figure);
      if (value !== undefined) stream.value(quantity, value, step, time);
    }
    return true;
  }

  return (text) => {
    if (text.includes(', skipped=')) return takeProgress(text);
    if (text.includes('SamplesPerSec=')) return takeThroughput(text);
    return text.includes('iter time (s): ') && takePipeline(text);
  };
};
