import type { Framework } from './frameworks.ts';
import type { Quantity } from './quantities.ts';
import { compilePattern } from './tags/pattern.ts';

/** A rule of the mapping file: it stands before the built-in tables. */
export interface TagRule {
  /** Exact, or with `*` for any characters. */
  readonly tag: string;
  /** Undefined for a tag that is to be ignored. */
  readonly quantity: Quantity | undefined;
  readonly scale: number;
  readonly axis: 'steps' | 'samples';
  readonly framework: Framework | undefined;
}

/** What is known of the model of a run, for MFU. */
export interface Model {
  /** Pattern of the label `run`. */
  readonly run: string;
  /** Forward and backward together. */
  readonly flopsPerToken: number;
  /** Dense peak of one GPU. */
  readonly peakFlopsPerSecond: number;
  /** Where the run does not tell its world size. */
  readonly gpus: number | undefined;
  /** Over all ranks. */
  readonly tokensPerStep: number | undefined;
  /** Makes tokens of samples. */
  readonly sequenceLength: number | undefined;
}

/** What the mapping file says. */
export interface Mapping {
  readonly tags: readonly TagRule[];
  /** Patterns of the tags outside the schema that may be shown. */
  readonly scalars: readonly string[];
  readonly models: readonly Model[];
}

export const emptyMapping: Mapping = { tags: [], scalars: [], models: [] };

/** The first model whose pattern matches the run. */
export function modelOf(mapping: Mapping, run: string): Model | undefined {
  return mapping.models.find((model) => compilePattern(model.run)(run));
}
