import type { EntityKind } from '../../entity.ts';
import type { Exposure } from './exposure.ts';
import type { RateFit, Rates } from './fit-rate.ts';
import { decayDays, type Hold } from './kernel.ts';
import { priorOf, type RatePriors } from './priors.ts';

/** Hazards of a fleet. Plain data, to be stored. */
export interface RateModel {
  /** Per entity and day, by `kind/product`; `gpu/` and `node/` are those of products that are not known. */
  readonly base: Readonly<Record<string, number>>;
  readonly excitation: readonly number[];
  readonly hold: Hold;
  /** Failures of the fleet itself; with 0 the model is a prior and nothing else. */
  readonly ownFailures: number;
  /** Whether rates were fitted on the fleet, rather than taken from elsewhere. */
  readonly isFitted: boolean;
}

const yearDays = 365.25;

/**
 * Fitted on the nodes of the StepFun trace with `hold: 'decaying'`: the first two weeks after a fault count, the slow decays do not.
 * Each event is followed by 0.26 others at most, were its memory not cut at the horizon.
 */
export const priorExcitation: readonly number[] = [0.0093, 0.0233, 0, 0];

/** Fewer failed entities than this say little about what comes after a failure, so its memory is taken from elsewhere. */
export const failuresToFit = 30;

export interface RateInput {
  readonly exposures: readonly Exposure[];
  readonly priors: RatePriors;
  /** Of the fleet, where it could be fitted; used from 30 failures on. */
  readonly fit?: RateFit | undefined;
}

/**
 * Base rate by product: gamma-Poisson, (strength + failures) / (strength / prior + years). What events add is taken off it, so that the mean stays what
 * was seen. With a fit, the prior of all products is the fitted base.
 */
export function rateModelOf({ exposures, priors, fit }: RateInput): RateModel {
  const ownFailures = exposures.reduce((sum, { failures }) => sum + failures, 0);
  const rates: Rates | undefined = ownFailures >= failuresToFit ? fit : undefined;
  const excitation = rates?.excitation ?? priorExcitation;
  const spontaneous = 1 - followUpsOf(excitation);
  const baseOf = ({ kind, product, entityDays, failures }: Exposure): number => {
    const prior = rates === undefined ? priorOf(priors, kind, product) : (rates.base * yearDays) / spontaneous;
    const years = entityDays / yearDays;
    return (spontaneous * (priors.strength + failures)) / (priors.strength / prior + years) / yearDays;
  };
  const unknown = (['gpu', 'node'] as const).map((kind) => ({ kind, product: '', entityDays: 0, failures: 0 }));
  const base = Object.fromEntries(
    [...unknown, ...totalsOf(exposures), ...exposures].map((each) => [
      keyOfProduct(each.kind, each.product),
      baseOf(each),
    ]),
  );
  return { base, excitation, hold: rates?.hold ?? 'decaying', ownFailures, isFitted: rates !== undefined };
}

export function keyOfProduct(kind: EntityKind, product: string): string {
  return `${kind}/${product}`;
}

export function baseRateOf({ base }: RateModel, kind: EntityKind, product: string): number {
  const own = Object.hasOwn(base, keyOfProduct(kind, product)) ? base[keyOfProduct(kind, product)] : undefined;
  return own ?? base[keyOfProduct(kind, '')] ?? 0;
}

/** How many events an event is followed by, in the long run; kept below 1, where failures would never end. */
export function followUpsOf(excitation: readonly number[]): number {
  return Math.min(
    0.9,
    excitation.reduce((sum, each, k) => sum + each * (decayDays[k] ?? 0), 0),
  );
}

/** Of a kind as a whole, for products that come new. */
function totalsOf(exposures: readonly Exposure[]): readonly Exposure[] {
  return (['gpu', 'node'] as const).flatMap((kind) => {
    const own = exposures.filter((each) => each.kind === kind);
    if (own.length === 0) return [];
    const entityDays = own.reduce((sum, each) => sum + each.entityDays, 0);
    return [{ kind, product: '', entityDays, failures: own.reduce((sum, each) => sum + each.failures, 0) }];
  });
}
