import { noise } from '../../../../exporters/gpu/sources/simulated/random.ts';
import { type SimulatedModel, simulatedModel } from '../simulated-models.ts';
import type { TrafficShape } from '../simulated-tenants.ts';

/** One request that a client will send. */
export interface PlannedRequest {
  /** From 0 for each tenant. */
  readonly number: number;
  /** Second of the simulation. */
  readonly second: number;
  readonly modelName: string;
  readonly isNative: boolean;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly isStream: boolean;
  /** The client itself asks for the usage at the end of the stream. */
  readonly wantsUsage: boolean;
  /** The client goes away after so many tokens of the answer; always before its end. */
  readonly goesAfterTokens: number | undefined;
}

/** The beginning of every prompt of a tenant: what it is asked to be. */
export const systemTokens = 48;
/** What the end of a prompt says about the length of the answer. */
export const closingTokens = 4;
const unknownModel = 'nobody/serves-this-model';

/** All requests of one tenant in the order of time, made as they are asked for. The same seed and tenant send the same. */
export function* plannedRequests(seed: number, tenant: number, shape: TrafficShape): Generator<PlannedRequest, never> {
  let second = 0;
  for (let number = 0; ; number++) {
    const chance = (what: number): number => noise(seed, tenant, number, 130 + what);
    const { fromSecond = Number.POSITIVE_INFINITY, factor = 1 } = shape.burst ?? {};
    const perSecond = shape.requestsPerSecond * (second >= fromSecond ? factor : 1);
    // As independent people come: exponential times between them.
    second += -Math.log(1 - chance(0)) / perSecond;
    yield { number, second, ...contentOf(shape, chance) };
  }
}

function contentOf(shape: TrafficShape, chance: (what: number) => number): Omit<PlannedRequest, 'number' | 'second'> {
  const model = modelOf(shape, chance(1));
  const length = (mean: number, what: number): number => Math.round(mean * (0.4 + 1.2 * chance(what)));
  const answerTokens = Math.max(2, length(shape.answerTokens, 2));
  const isStream = chance(3) < shape.streamShare;
  const isLeft = isStream && chance(4) < shape.cancelShare;
  const isWrong = chance(5) < shape.errorShare;
  const isTooLong = isWrong && chance(6) < 0.5;
  return {
    modelName: isWrong && !isTooLong ? unknownModel : model.name,
    isNative: model.kind === 'ollama',
    promptTokens: isTooLong
      ? model.contextTokens + 1
      : Math.max(systemTokens + closingTokens + 1, length(shape.promptTokens, 7)),
    answerTokens,
    isStream,
    wantsUsage: isStream && !isLeft && chance(8) < 0.3,
    goesAfterTokens: isLeft && !isWrong ? 1 + Math.floor(chance(9) * (answerTokens - 1)) : undefined,
  };
}

function modelOf({ models }: TrafficShape, chance: number): SimulatedModel {
  let left = chance * models.reduce((sum, { share }) => sum + share, 0);
  const chosen = models.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  return simulatedModel((chosen ?? models[0])?.name ?? 'gemma3:4b');
}
