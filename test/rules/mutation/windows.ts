import type { SyntaxNode } from '@lezer/common';
import { textOf } from '../../../cli/rules/promql/syntax.ts';
import { scaledDuration } from './durations.ts';
import { type Edit, replace } from './edit.ts';

/** Each range of a window doubled and halved. */
export function rangeEdits(promql: string, node: SyntaxNode): readonly Edit[] {
  if (node.name !== 'DurationExpr' || node.prevSibling?.name === 'DurationExpr') return [];
  const was = textOf(promql, node);
  return [2, 0.5].map((factor) => replace('range', node, scaledDuration(was, factor)));
}

export function offsetEdits(promql: string, node: SyntaxNode): readonly Edit[] {
  const { firstChild } = node;
  if (node.name !== 'OffsetExpr' || firstChild === null) return [];
  return [replace('offset', node, textOf(promql, firstChild))];
}
