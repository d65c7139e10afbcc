import type { Framework } from '../frameworks.ts';
import type { Quantity } from '../quantities.ts';

/** What one tag means. `ignore` is for scalars that are known and say nothing new, or would be misread. */
export interface TagRow {
  readonly as: Quantity | 'ignore';
  /** Value in base units = value of the framework times scale; 1 without it. */
  readonly scale?: number;
}

/** The scalars that one framework writes. */
export interface TagTable {
  /** Undefined for names that anybody may use. */
  readonly framework: Framework | undefined;
  readonly axis: 'steps' | 'samples';
  /** By exact tag, or with `*` for any characters. */
  readonly tags: Readonly<Record<string, Quantity | 'ignore' | TagRow>>;
}
