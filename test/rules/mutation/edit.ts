import type { SyntaxNode } from '@lezer/common';

/** What a mutation changes, in the words of the report. */
export const kinds = [
  'threshold',
  'label dropped',
  'comparison flipped',
  'boundary',
  'label added',
  'matcher',
  'matching',
  'set operator',
  'one side',
  'arithmetic',
  'aggregation',
  'function',
  'range',
  'offset',
  'bool',
  'constant',
  'for',
  'keep_firing_for',
] as const;
export type Kind = (typeof kinds)[number];

/** What every alert must notice: a threshold off, a label dropped, a comparison flipped. */
export const essentialKinds: readonly Kind[] = ['threshold', 'label dropped', 'comparison flipped'];

/** A stretch of an expression and what takes its place. */
export interface Edit {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** What to say of it where the texts themselves are long. */
  readonly says?: string;
}

export function replace(kind: Kind, { from, to }: Pick<SyntaxNode, 'from' | 'to'>, text: string, says?: string): Edit {
  return { kind, from, to, text, ...(says !== undefined && { says }) };
}

export function applyEdit(promql: string, { from, to, text }: Edit): string {
  return promql.slice(0, from) + text + promql.slice(to);
}
