import { entriesOf, fieldsOf, invalid, optional, type Place, positiveOf } from '../../../../kit/config-values.ts';
import type { EntityKind } from '../../entity.ts';

/** Failures per entity and year to expect where the fleet has none of its own yet. */
export interface RatePriors {
  readonly gpu: number;
  /** Of a node without its GPUs. */
  readonly node: number;
  /** Of GPUs by the name of the product, where it differs. */
  readonly products: ReadonlyMap<string, number>;
  /** How many failures the prior counts as: with one, a fleet's own failures soon weigh more. */
  readonly strength: number;
}

/**
 * GPU: between 0.05 (StepFun trace, 8 GPUs per node assumed) and 0.11 (Llama 3, H100 interruptions). Node: hardware faults of the StepFun trace
 * that are not of GPUs, 0.79 less 0.42.
 */
export const defaultPriors: RatePriors = { gpu: 0.08, node: 0.37, products: new Map(), strength: 1 };

const maxProducts = 200;
/** Nothing fails more often than that in a year, and far above there are no numbers for it. */
const mostPerYear = 1000;

/** Reads `priors` of a configuration. Throws ConfigError that names the place. */
export function readPriors(place: Place): RatePriors {
  const field = fieldsOf(place, ['gpu', 'node', 'products', 'strength']);
  const products = optional(field('products'), (each) =>
    entriesOf(each, maxProducts).map(
      ([product, value]) => [product, rateOf({ value, where: `${each.where}.${product}` })] as const,
    ),
  );
  return {
    gpu: optional(field('gpu'), rateOf) ?? defaultPriors.gpu,
    node: optional(field('node'), rateOf) ?? defaultPriors.node,
    products: new Map(products),
    strength: optional(field('strength'), rateOf) ?? defaultPriors.strength,
  };
}

function rateOf(place: Place): number {
  const value = positiveOf(place);
  if (value <= mostPerYear) return value;
  throw invalid(place, `a number above 0 and at most ${mostPerYear}`);
}

export function priorOf({ gpu, node, products }: RatePriors, kind: EntityKind, product: string): number {
  return kind === 'node' ? node : (products.get(product) ?? gpu);
}
