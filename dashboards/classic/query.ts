import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Expr } from '../../metrics/promql.ts';
import { datasource } from './datasource.ts';

export interface Target {
  readonly expr: Expr;
  readonly index: number;
}

/** `A`, `B`, … in the order of the queries. */
export function refId(index: number): string {
  if (index > 25) throw new RangeError(`a panel has at most 26 queries, got number ${index + 1}: split the panel`);
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

/** Asks over the whole time range, for curves. */
export function rangeQuery(target: Target, legend: string): DataqueryBuilder {
  return query(target).range().legendFormat(legend);
}

/** Asks over the whole time range, for the buckets of a histogram. */
export function bucketQuery(target: Target, legend: string): DataqueryBuilder {
  return rangeQuery(target, legend).format(PromQueryFormat.Heatmap);
}

/** Asks once, at the end of the time range, for single figures and bars. */
export function instantQuery(target: Target, legend: string): DataqueryBuilder {
  return query(target).instant().legendFormat(legend);
}

/** Asks once and gives lines with a column for each label. */
export function tableQuery(target: Target): DataqueryBuilder {
  return query(target).instant().format(PromQueryFormat.Table);
}

function query({ expr, index }: Target): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId(index))
    .datasource(datasource)
    .editorMode(QueryEditorMode.Code)
    .expr(expr.promql);
}
