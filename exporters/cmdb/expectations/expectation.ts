import type { AttributeValue, Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { fitsPattern } from './pattern.ts';

/** How many servers may be worked on at a time while a baseline is rolled out. */
export interface RolloutLimits {
  /** Servers of the first batch, which shows whether the change is any good; 0 for none. */
  readonly canary: number;
  /** Servers of each batch after it. */
  readonly batch: number;
  readonly maxPerRack: number;
  /** Share of the servers of a tenant that stay in use at any time, 0 to 1. */
  readonly minAvailable: number;
}

/** How items that are alike should be. */
export interface Expectation {
  /** Where it stands in the configuration: `inventory.yaml: expectations[0]`. */
  readonly where: string;
  readonly class: ItemClass;
  /** Attributes, or `name`, with the pattern that each must fit. */
  readonly match: readonly (readonly [attribute: string, pattern: string])[];
  /** GPUs that a server has. */
  readonly gpus: number | undefined;
  /** Attribute and the value that it should have. */
  readonly baseline: readonly (readonly [attribute: string, value: string])[];
  readonly rollout: RolloutLimits;
}

export interface Expectations {
  readonly list: readonly Expectation[];
  /** Seconds after which an item in service that nobody sees is drift; undefined for never. */
  readonly notSeenAfter: number | undefined;
}

export function fits({ class: itemClass, match }: Pick<Expectation, 'class' | 'match'>, item: Item): boolean {
  if (item.class !== itemClass) return false;
  return match.every(([attribute, pattern]) => {
    const value = attribute === 'name' ? item.name : item.attributes[attribute];
    return value !== undefined && textsOf(value).some((text) => fitsPattern(text, pattern));
  });
}

/** A list is as each of its values. */
export function textsOf(value: AttributeValue): readonly string[] {
  return typeof value === 'object' ? value : [String(value)];
}
