import type { SyntaxNode } from '@lezer/common';
import { labelsOfPromql } from '../../cli/rules/promql/labels-of-promql.ts';
import { ancestorsOf, nodesOf, selectorAt, syntaxErrors, textOf } from '../../cli/rules/promql/syntax.ts';
import { metricOf, type Series } from '../../cli/rules/promql/unit-of-promql.ts';
import type { Metric } from '../../metrics/define.ts';
import { targetLabels } from '../../metrics/labels.ts';
import { withoutVariables } from './board-json.ts';

const perDevice: ReadonlySet<string> = new Set(['gpu_id', 'uuid', ...targetLabels]);

/** Series with the UUID of a GPU that only few of the GPUs have: where something is wrong with them, or within a budget. */
const few: ReadonlySet<string> = new Set([
  'ALERTS',
  'ALERTS_FOR_STATE',
  'gpu_failure_info',
  'gpu_xid_last_timestamp_seconds',
  'prediction_failure_alert_rank',
  'prediction_rule_hit',
]);

interface Reading {
  readonly name: string;
  readonly metric: Metric;
  readonly node: SyntaxNode;
}

/**
 * What would make a query dear with ten thousand GPUs, in words. A query that is narrowed to a UUID reads one of them, to the node in detail a few, one of the inventory that asks for
 * servers none. Else a curve reads recorded series, also in a row that is collapsed; nothing reads a past of all GPUs; and a table has a limit.
 */
export function complaintsAboutCost(expr: string, panelType: string, series: Series): readonly string[] {
  const text = withoutVariables(expr);
  if (syntaxErrors(text).length > 0) return [];
  const readings = ofAllGpus(text, series).filter(({ name }) => !isOfOneNode(expr, name));
  const isCurve = panelType === 'timeseries' || panelType === 'heatmap';
  return [
    ...readings.flatMap((reading) => (isCurve ? aboutCurve(reading) : aboutPast(reading, expr, text))),
    ...(panelType === 'table' && readings.length > 0 ? aboutTable(text, series) : []),
  ];
}

function ofAllGpus(text: string, series: Series): readonly Reading[] {
  return nodesOf(text)
    .filter(({ name }) => name === 'VectorSelector')
    .flatMap((node) => {
      const { name = '', labels } = selectorAt(text, node);
      const metric = metricOf(name, series);
      if (metric === undefined || few.has(name) || metric.source === 'recording') return [];
      const isNarrowed = labels.includes('uuid') || textOf(text, node).includes('class="server"');
      return isOfGpu(metric) && !isNarrowed ? [{ name, metric, node }] : [];
    });
}

function isOfOneNode(expr: string, name: string): boolean {
  return new RegExp(`\\b${name}\\{[^}]*\\$shown_node`).test(expr);
}

function isOfGpu({ labels }: Metric): boolean {
  return labels.some((label) => label === 'uuid');
}

function aboutCurve({ name, metric }: Reading): readonly string[] {
  const more = metric.labels.filter((label) => !perDevice.has(label));
  if (more.length > 0 && metric.kind !== 'info')
    return [`${name} has several series for each GPU (${more.join(', ')}), all read for a curve: record what it needs`];
  return [`${name} has a series for each GPU, all read for a curve: record it, or show the GPUs of one node`];
}

/** Windows that grow with the time range of the board, or are longer than an hour. */
function aboutPast({ name, node }: Reading, expr: string, text: string): readonly string[] {
  const matrix = ancestorsOf(node).find(({ name: kind }) => kind === 'MatrixSelector');
  if (matrix === undefined) return [];
  const window = /\[([^\]]+)\]/.exec(textOf(text, matrix))?.[1] ?? '';
  const grows = new RegExp(`${name}[^[]*\\[\\$__range\\]`).test(expr);
  return grows || /d|w|y/.test(window) ? [`${name} of all GPUs is read over a long past: record what it needs`] : [];
}

function aboutTable(text: string, series: Series): readonly string[] {
  if (isLimited(text)) return [];
  const labels = labelsOfPromql(text, series);
  const isPerGpu = labels !== 'scalar' && (labels.has('uuid') || labels.has('gpu_id'));
  return isPerGpu ? ['the table has a line for each GPU: it needs topk or bottomk'] : [];
}

/** By number, or by a join with a series that few GPUs have. */
function isLimited(text: string): boolean {
  return nodesOf(text).some(
    (node) =>
      node.name === 'Topk' ||
      node.name === 'Bottomk' ||
      (node.name === 'VectorSelector' && few.has(selectorAt(text, node).name ?? '')),
  );
}
