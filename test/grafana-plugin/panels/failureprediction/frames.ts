import { createDataFrame, type DataFrame, FieldType } from '@grafana/data';

/** A series as Prometheus answers it, at one moment or over time. */
export interface AnsweredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly (number | string)[];
  readonly values?: ReadonlyArray<readonly (number | string)[]>;
}

/** As Grafana's Prometheus source shapes the answer to one query as table. */
export function tableFrame(refId: string, series: readonly AnsweredSeries[]): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: series.map(({ value }) => Number(value?.[0]) * 1000) },
      ...labels.map((name) => ({
        name,
        type: FieldType.string,
        values: series.map(({ metric }) => metric[name] ?? ''),
      })),
      { name: `Value #${refId}`, type: FieldType.number, values: series.map(({ value }) => Number(value?.[1])) },
    ],
  });
}

/** As it shapes each series of an answer over time. */
export function seriesFrame(refId: string, { metric, value, values = [] }: AnsweredSeries): DataFrame {
  const points = value === undefined ? values : [value];
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: points.map(([seconds]) => Number(seconds) * 1000) },
      { name: 'Value', type: FieldType.number, labels: { ...metric }, values: points.map(([, each]) => Number(each)) },
    ],
  });
}

/** Recorded answers by the name of the query; those over time come as series, the others as tables. */
export function framesOf(answers: Readonly<Record<string, readonly AnsweredSeries[]>>): DataFrame[] {
  return Object.entries(answers).flatMap(([refId, series]) =>
    series.some(({ values }) => values !== undefined)
      ? series.map((each) => seriesFrame(refId, each))
      : [tableFrame(refId, series)],
  );
}

/** A probability of a GPU, with other labels where they matter. */
export function probability(
  uuid: string,
  value: number,
  {
    horizon = '7d',
    atSeconds = 1000,
    ...labels
  }: { horizon?: string; atSeconds?: number; [label: string]: unknown } = {},
): AnsweredSeries {
  const own = Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, String(text)]));
  return {
    metric: { __name__: 'prediction_failure_probability', cluster: 'c', node: 'n1', uuid, horizon, ...own },
    value: [atSeconds, String(value)],
  };
}
