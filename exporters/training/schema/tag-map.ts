import type { Framework } from './frameworks.ts';
import type { Quantity } from './quantities.ts';

/** What a scalar of a framework is in our schema. */
export interface TagTarget {
  /** Undefined for a scalar that is known and says nothing new, such as Megatron's twins over samples. */
  readonly quantity: Quantity | undefined;
  /** Makes base units: value in the schema = value of the framework times scale. */
  readonly scale: number;
  /** What the step of the scalar counts. */
  readonly axis: 'steps' | 'samples';
  /** Undefined where several frameworks write the tag. */
  readonly framework: Framework | undefined;
}

/** Built-in tags of the frameworks, with those of the mapping file before them. */
export interface TagMap {
  /** Undefined for a tag that is in no table. */
  readonly resolve: (tag: string) => TagTarget | undefined;
  /** Whether a tag that is in no table may be shown as training_scalar. */
  readonly isAllowed: (tag: string) => boolean;
}
