import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import type { SimulatedFramework } from './simulated-frameworks.ts';
import type { RunKey } from './simulated-run.ts';

/** The fixed figures of a run. */
export interface RunShape {
  readonly ranks: number;
  /** Duration of a step while nothing is wrong. */
  readonly stepSeconds: number;
  /** From the start of the program to the begin of its first step. */
  readonly startupSeconds: number;
  readonly maxSteps: number;
  readonly warmupSteps: number;
  readonly peakLearningRate: number;
  /** Samples of one step over all ranks. */
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly samplesPerEpoch: number;
  /** Floating point operations of the model for one token, forward and backward. */
  readonly flopsPerToken: number;
  /** How many steps lie between two reports. */
  readonly reportEvery: number;
  readonly evaluateEvery: number;
  readonly evaluationSeconds: number;
  readonly checkpointEvery: number;
  readonly checkpointSeconds: number;
}

/** As people set them: Megatron tells of every step, the others of every few. */
const reportEvery: Readonly<Record<SimulatedFramework, number>> = {
  megatron: 1,
  torchtitan: 5,
  huggingface: 5,
  deepspeed: 5,
};

/** Dense BF16 peak of an H100 SXM, from its data sheet. */
export const peakFlops = 989.5e12;
const wantedMfu = 0.4;
const samplesPerRank = 2;
const sequenceLength = 4096;
const secondsBetween = { evaluations: 35, checkpoints: 40 } as const;

export function shapeOf({ seed, node, pod, framework, ranks }: RunKey): RunShape {
  const between = (least: number, most: number, what: number): number =>
    least + (most - least) * noise(seed, node, pod, what);
  const stepSeconds = between(0.5, 2, 101);
  const batchSize = samplesPerRank * ranks;
  const report = reportEvery[framework];
  return {
    ranks,
    stepSeconds,
    startupSeconds: between(2.5, 4, 102),
    maxSteps: 1000 * Math.round(between(20, 50, 103)),
    warmupSteps: Math.round(between(80, 160, 104)),
    peakLearningRate: Math.round(between(10, 60, 105)) * 1e-5,
    batchSize,
    sequenceLength,
    samplesPerEpoch: batchSize * 8_000,
    flopsPerToken: (wantedMfu * peakFlops * stepSeconds) / (samplesPerRank * sequenceLength),
    reportEvery: report,
    evaluateEvery: stepsIn(secondsBetween.evaluations, stepSeconds, report),
    evaluationSeconds: between(1, 2, 106),
    checkpointEvery: stepsIn(secondsBetween.checkpoints, stepSeconds, report),
    checkpointSeconds: between(0.8, 1.8, 107),
  };
}

/** Tokens of one step over all ranks. */
export function tokensPerStep({ batchSize, sequenceLength }: RunShape): number {
  return batchSize * sequenceLength;
}

/** Floating point operations of the model in one second on one GPU, if a step takes so long. */
export function flopsPerGpu(shape: RunShape, stepSeconds: number): number {
  return (tokensPerStep(shape) * shape.flopsPerToken) / shape.ranks / stepSeconds;
}

/** A multiple of the steps between two reports, so that what follows a step has its report before it. */
function stepsIn(seconds: number, stepSeconds: number, report: number): number {
  return report * Math.max(1, Math.round(seconds / stepSeconds / report));
}
