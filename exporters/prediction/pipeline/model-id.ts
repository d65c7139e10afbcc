import { hashOf } from '../learning/model/canonical.ts';
import type { Model } from '../learning/model/model.ts';
import type { RateModel } from '../risk/rate/rate-model.ts';
import type { FailureHistory } from './failure-history.ts';

export interface IdInput {
  readonly history: Pick<FailureHistory, 'nowMs'>;
  readonly seed: number;
}

/** The same for the same models. */
export function idOf({ history: { nowMs }, seed }: IdInput, rate: RateModel, models: readonly Model[]): string {
  const hash = hashOf([nowMs, seed, rate, ...models.map((model) => model.hash)]);
  return `${new Date(nowMs).toISOString().slice(0, 10)}-${hash.slice(0, 8)}`;
}
