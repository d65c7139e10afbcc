import { remainingSteps } from './life.ts';
import { medianOf } from './robust-window.ts';
import type { RunState } from './run-state.ts';

/** Tokens per second over all ranks, as the framework reports them. */
export function rateOfTokens(run: RunState): number | undefined {
  const { gauges } = run;
  const all = gauges.get('tokens_per_second')?.value;
  const ofOne = gauges.get('tokens_per_second_per_gpu')?.value;
  const ranks = worldSize(run);
  return all ?? (ofOne === undefined || ranks === undefined ? undefined : ofOne * ranks);
}

/** The same, or else by the tokens of a step and its usual duration. */
export function tokensPerSecond(run: RunState): number | undefined {
  const reported = rateOfTokens(run);
  const { model, gauges, times } = run;
  const batch = gauges.get('global_batch_size')?.value;
  const ofStep =
    model?.tokensPerStep ??
    (batch === undefined || model?.sequenceLength === undefined ? undefined : batch * model.sequenceLength);
  const seconds = medianOf(times.stepSeconds);
  return reported ?? (ofStep === undefined || seconds === undefined || seconds === 0 ? undefined : ofStep / seconds);
}

export function samplesPerSecond({ gauges, times }: RunState): number | undefined {
  const reported = gauges.get('samples_per_second')?.value;
  const batch = gauges.get('global_batch_size')?.value;
  const seconds = medianOf(times.stepSeconds);
  return reported ?? (batch === undefined || seconds === undefined || seconds === 0 ? undefined : batch / seconds);
}

export function flopsPerSecondPerGpu(run: RunState): number | undefined {
  const { gauges, model } = run;
  const reported = gauges.get('flops_per_second_per_gpu')?.value;
  const ofOne = gauges.get('tokens_per_second_per_gpu')?.value;
  const all = tokensPerSecond(run);
  const gpus = worldSize(run);
  const tokens = ofOne ?? (all === undefined || gpus === undefined ? undefined : all / gpus);
  return (
    reported ?? (tokens === undefined || model?.flopsPerToken === undefined ? undefined : tokens * model.flopsPerToken)
  );
}

/** As the framework reports it, or FLOPs per second and GPU over the dense BF16 peak of the GPU: PaLM, arXiv 2204.02311, appendix B. */
export function mfu(run: RunState): number | undefined {
  const reported = run.gauges.get('mfu_ratio')?.value;
  const flops = flopsPerSecondPerGpu(run);
  const peak = run.model?.peakFlopsPerSecond;
  return reported ?? (flops === undefined || peak === undefined || peak <= 0 ? undefined : flops / peak);
}

export function worldSize({ gauges, model }: RunState): number | undefined {
  return gauges.get('world_size')?.value ?? model?.gpus;
}

/** Seconds to the last step; undefined where the number of steps or their duration is not known. */
export function secondsLeft(run: RunState): number | undefined {
  const steps = remainingSteps(run);
  const seconds = medianOf(run.times.stepSeconds);
  return steps === undefined || seconds === undefined ? undefined : steps * seconds;
}
