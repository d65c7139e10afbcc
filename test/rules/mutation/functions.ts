import type { SyntaxNode } from '@lezer/common';
import { textOf } from '../../../cli/rules/promql/syntax.ts';
import { type Edit, replace } from './edit.ts';

const aggregations = ['max', 'min', 'sum', 'avg', 'count'];

/** Functions of the same shape that a careless edit could take. */
const kin: Readonly<Record<string, readonly string[]>> = {
  increase: ['resets', 'changes'],
  rate: ['irate', 'deriv'],
  changes: ['resets'],
  resets: ['changes'],
  delta: ['increase'],
  deriv: ['delta'],
  avg_over_time: ['max_over_time', 'min_over_time', 'last_over_time'],
  max_over_time: ['min_over_time', 'avg_over_time', 'last_over_time'],
  min_over_time: ['max_over_time', 'avg_over_time', 'last_over_time'],
  last_over_time: ['max_over_time', 'min_over_time'],
  sum_over_time: ['count_over_time'],
  count_over_time: ['sum_over_time'],
  abs: ['floor'],
  absent: ['group'],
  day_of_month: ['day_of_week'],
};

export function functionEdits(promql: string, node: SyntaxNode): readonly Edit[] {
  const was = textOf(promql, node);
  if (node.name === 'AggregateOp' && aggregations.includes(was))
    return aggregations.filter((other) => other !== was).map((other) => replace('aggregation', node, other));
  if (node.name === 'FunctionIdentifier') return (kin[was] ?? []).map((other) => replace('function', node, other));
  return [];
}
