import type { EntityKind } from '../../entity.ts';
import type { Exposure } from './exposure.ts';
import type { RateFit } from './fit-rate.ts';
import { decayDays, type Hold } from './kernel.ts';
import { priorOf, type RatePriors } from './priors.ts';

/** Hazards of a fleet. Plain data, to be stored. */
export interface RateModel {
  /** Per entity and day, by `kind/product`; `gpu/` and `node/` are those of products that are not known. */
  readonly base: Readonly<Record<string, number>>;
  readonly excitation: Readonly<Record<EntityKind, readonly number[]>>;
  readonly hold: Hold;
  /** Failures of the fleet itself; with 0 the model is a prior and nothing else. */
  readonly ownFailures: number;
  /** Kinds whose rates were fitted on the fleet, rather than taken from elsewhere. */
  readonly fitted: readonly EntityKind[];
}

const yearDays = 365.25;

/**
 * Fitted on the nodes of the StepFun trace with `hold: 'decaying'`: the first two weeks after a fault count, the slow decays do not. In the long run each
 * event is followed by 0.26 others. Nobody has measured single GPUs, so they take the same until a fleet can be fitted.
 */
export const priorExcitation: readonly number[] = [0.0093, 0.0233, 0, 0];

/** Fewer failed entities than this say little about what comes after a failure, so its memory is taken from elsewhere. */
export const failuresToFit = 30;

/** How many failures of a product it takes until it tells as much by itself as its fleet does. */
const productStrength = 10;

export interface RateInput {
  readonly exposures: readonly Exposure[];
  readonly priors: RatePriors;
  /** Of a kind, where it could be fitted; used from 30 failures of the kind on. All with the same `hold`. */
  readonly fits?: Readonly<Partial<Record<EntityKind, RateFit>>> | undefined;
}

/**
 * Base rate by product. Without a fit gamma-Poisson: (strength + failures) / (strength / prior + years), less what events add, so that the mean stays what
 * was seen. With one, the fitted base times how the product differs from its kind: (10 + failures) / (10 + failures expected of it).
 */
export function rateModelOf({ exposures, priors, fits = {} }: RateInput): RateModel {
  const gpu = ofKind('gpu', exposures, priors, fits.gpu);
  const node = ofKind('node', exposures, priors, fits.node);
  return {
    base: { ...gpu.base, ...node.base },
    excitation: { gpu: gpu.excitation, node: node.excitation },
    hold: (gpu.fit ?? node.fit)?.hold ?? 'decaying',
    ownFailures: gpu.failures + node.failures,
    fitted: [...(gpu.fit === undefined ? [] : ['gpu' as const]), ...(node.fit === undefined ? [] : ['node' as const])],
  };
}

interface KindRates {
  readonly base: Readonly<Record<string, number>>;
  readonly excitation: readonly number[];
  readonly failures: number;
  readonly fit: RateFit | undefined;
}

function ofKind(
  kind: EntityKind,
  all: readonly Exposure[],
  priors: RatePriors,
  fitted: RateFit | undefined,
): KindRates {
  const own = all.filter((each) => each.kind === kind);
  const total: Exposure = { kind, product: '', entityDays: sumOf(own, 'entityDays'), failures: sumOf(own, 'failures') };
  const fit = total.failures >= failuresToFit && total.entityDays > 0 ? fitted : undefined;
  const baseOf = fit === undefined ? byPrior(priors) : byFit(fit, total);
  const named = own.filter(({ product }) => product !== '');
  const base = Object.fromEntries([total, ...named].map((each) => [keyOfProduct(kind, each.product), baseOf(each)]));
  return { base, excitation: fit?.excitation ?? priorExcitation, failures: total.failures, fit };
}

function byPrior(priors: RatePriors): (exposure: Exposure) => number {
  const spontaneous = 1 - followUpsOf(priorExcitation);
  return ({ kind, product, entityDays, failures }) => {
    const strengthYears = priors.strength / priorOf(priors, kind, product);
    return (spontaneous * (priors.strength + failures)) / (strengthYears * yearDays + entityDays);
  };
}

function byFit(fit: RateFit, total: Exposure): (exposure: Exposure) => number {
  const perDay = total.failures / total.entityDays;
  return ({ product, entityDays, failures }) => {
    if (product === '') return fit.base;
    return (fit.base * (productStrength + failures)) / (productStrength + perDay * entityDays);
  };
}

function sumOf(exposures: readonly Exposure[], what: 'entityDays' | 'failures'): number {
  return exposures.reduce((sum, each) => sum + each[what], 0);
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
