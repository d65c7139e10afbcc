import {
  createDataFrame,
  type DataFrame,
  DataFrameType,
  type DataQuery,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  FieldType,
  type Labels,
  type MetricFindValue,
  type ScopedVars,
  type TimeRange,
} from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';

interface PromQuery extends DataQuery {
  readonly expr?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: string;
  readonly legendFormat?: string;
}

interface Series {
  readonly metric: Labels;
  readonly value?: readonly [number, string];
  readonly values?: ReadonlyArray<readonly [number, string]>;
}

const scrapeIntervalSeconds = 15;

/** Stands in for Grafana's Prometheus data source, whose package needs a newer Node; frames have the shape that it gives. */
export class PreviewPrometheus extends DataSourceApi<PromQuery> {
  async query(request: DataQueryRequest<PromQuery>): Promise<DataQueryResponse> {
    const queries = request.targets.filter((target) => target.hide !== true && (target.expr ?? '') !== '');
    const answers = await Promise.all(queries.map((target) => this.answer(target, request)));
    return { data: answers.flat() };
  }

  private async answer(target: PromQuery, request: DataQueryRequest<PromQuery>): Promise<DataFrame[]> {
    const { range } = request;
    const stepSeconds = Math.max(
      1,
      Math.ceil(request.intervalMs / 1000),
      Math.ceil((range.to.unix() - range.from.unix()) / 10_000),
    );
    const expr = replaced(target.expr ?? '', {
      ...request.scopedVars,
      __interval: scoped(`${stepSeconds}s`),
      __rate_interval: scoped(`${Math.max(stepSeconds + scrapeIntervalSeconds, 4 * scrapeIntervalSeconds)}s`),
      __range: scoped(`${range.to.unix() - range.from.unix()}s`),
    });
    if (target.instant === true && target.range !== true) {
      const series = await ask<Series[]>('query', { query: expr, time: String(range.to.unix()) });
      return target.format === 'table' ? [tableOf(target, series)] : series.map((each) => instantFrame(target, each));
    }
    const series = await ask<Series[]>('query_range', {
      query: expr,
      start: String(alignedTo(stepSeconds, range.from.unix())),
      end: String(alignedTo(stepSeconds, range.to.unix())),
      step: String(stepSeconds),
    });
    return target.format === 'heatmap'
      ? heatmapFrames(target, series)
      : series.map((each) => rangeFrame(target, each, each.values ?? []));
  }

  async metricFindQuery(
    query: string | { query?: string },
    options?: { range?: TimeRange; scopedVars?: ScopedVars },
  ): Promise<MetricFindValue[]> {
    const text = replaced(typeof query === 'string' ? query : (query.query ?? ''), options?.scopedVars ?? {});
    const found = /^label_values\((?:(.*),\s*)?(\w+)\)$/s.exec(text.trim());
    if (found === null) return [];
    const [, selector, label = ''] = found;
    const range = options?.range;
    const params: Record<string, string> = {
      ...(selector === undefined ? {} : { 'match[]': selector }),
      ...(range === undefined ? {} : { start: String(range.from.unix()), end: String(range.to.unix()) }),
    };
    return (await ask<string[]>(`label/${label}/values`, params)).map((value) => ({ text: value, value }));
  }

  async testDatasource() {
    return { status: 'success', message: '' };
  }
}

const scoped = (value: string) => ({ text: value, value });
const alignedTo = (step: number, seconds: number) => Math.floor(seconds / step) * step;

function replaced(text: string, scopedVars: ScopedVars): string {
  return getTemplateSrv().replace(text, scopedVars, (value: unknown) => {
    if (Array.isArray(value)) return value.length === 1 ? escaped(value[0]) : `(${value.map(escaped).join('|')})`;
    return isMatcherText(value) ? String(value) : String(value).replace(/\\/g, '\\\\').replace(/"/g, '\\"');
  });
}

/** The value for "all" of our variables is a regular expression and durations are none. */
function isMatcherText(value: unknown): boolean {
  return typeof value === 'string' && /^(\.\*|\.\+|\d+[smhd])$/.test(value);
}

function escaped(value: unknown): string {
  const text = String(value);
  return text === '.*' ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\\\$&').replace(/"/g, '\\"');
}

async function ask<T>(path: string, params: Readonly<Record<string, string>>): Promise<T> {
  const body = new URLSearchParams(params);
  const url = `api/prom/api/v1/${path}`;
  return read<T>(await (path.startsWith('label/') ? fetch(`${url}?${body}`) : fetch(url, { method: 'POST', body })));
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  const answer = parsed(text);
  if (answer?.status === 'success') return (answer.data?.result ?? answer.data) as T;
  throw new Error(answer?.error ?? `Prometheus answers with status ${response.status} and no JSON`);
}

function parsed(text: string): { status?: string; error?: string; data?: { result?: unknown } } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nameOf({ legendFormat = '' }: PromQuery, labels: Labels): string {
  if (legendFormat !== '' && legendFormat !== '__auto')
    return legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_all, label) => labels[label] ?? '');
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name || 'Value' : `${name}{${pairs.join(', ')}}`;
}

function rangeFrame(
  target: PromQuery,
  { metric }: Series,
  values: ReadonlyArray<readonly [number, string]>,
): DataFrame {
  return createDataFrame({
    refId: target.refId,
    meta: { type: DataFrameType.TimeSeriesMulti, custom: { resultType: 'matrix' } },
    fields: [
      { name: 'Time', type: FieldType.time, values: values.map(([seconds]) => seconds * 1000), config: {} },
      {
        name: 'Value',
        type: FieldType.number,
        labels: metric,
        values: values.map(([, value]) => Number(value)),
        config: { displayNameFromDS: nameOf(target, metric) },
      },
    ],
  });
}

function instantFrame(target: PromQuery, series: Series): DataFrame {
  return rangeFrame(target, series, series.value === undefined ? [] : [series.value]);
}

/** One line for each series, one column for each label. */
function tableOf({ refId }: PromQuery, series: readonly Series[]): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return createDataFrame({
    refId,
    meta: { preferredVisualisationType: 'table' },
    fields: [
      { name: 'Time', type: FieldType.time, values: series.map(({ value }) => (value?.[0] ?? 0) * 1000), config: {} },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        values: series.map(({ metric }) => metric[label] ?? ''),
        config: { filterable: true },
      })),
      {
        name: `Value #${refId}`,
        type: FieldType.number,
        values: series.map(({ value }) => Number(value?.[1])),
        config: {},
      },
    ],
  });
}

/** Cumulative buckets become single ones, from the lowest bound to the highest. */
function heatmapFrames(target: PromQuery, series: readonly Series[]): DataFrame[] {
  const ordered = [...series].sort(
    (a, b) => Number(a.metric.le?.replace('+Inf', 'Infinity')) - Number(b.metric.le?.replace('+Inf', 'Infinity')),
  );
  return ordered.map((each, index) => {
    const below = new Map((ordered[index - 1]?.values ?? []).map(([seconds, value]) => [seconds, Number(value)]));
    const own = (each.values ?? []).map(
      ([seconds, value]) => [seconds, String(Number(value) - (below.get(seconds) ?? 0))] as const,
    );
    return rangeFrame({ ...target, legendFormat: '{{le}}' }, each, own);
  });
}
