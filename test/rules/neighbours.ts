import type { Expr } from '../../metrics/promql.ts';
import type { Alert, Example, FiringExample } from '../../rules/alert.ts';
import { keyOf } from './alert-key.ts';
import { notApart } from './not-apart.ts';

type Series = Example['series'][number];

/** The firing example beside the quiet one of another cluster, node, GPU or run. */
export interface Neighbour {
  readonly label: string;
  readonly situation: FiringExample;
}

/**
 * For each label of an alert: what happens elsewhere neither silences the alert nor fires another. Elsewhere is the quiet example
 * with another value of that one label, so that a label which is missing in `by` or `on` mixes the two.
 */
export function neighboursOf(alert: Alert): readonly Neighbour[] {
  const { fires, quiet } = alert;
  if (quiet === 'never' || quiet.interval !== fires.interval) return [];
  return labelsOf(fires).flatMap((label) => {
    if (isNotApart(alert, label)) return [];
    const series = merged(
      fires.series,
      quiet.series.map((one) => elsewhere(one, label)),
    );
    if (series === undefined) return [];
    return [
      { label, situation: { ...fires, when: `${fires.when}; and with another ${label}: ${quiet.when}`, series } },
    ];
  });
}

function isNotApart(alert: Alert, label: string): boolean {
  const exception = notApart[keyOf(alert)] ?? notApart[alert.name];
  return exception !== undefined && (exception.labels ?? [label]).includes(label);
}

function labelsOf({ alerts }: FiringExample): readonly string[] {
  return [...new Set(alerts.flatMap((labels) => Object.keys(labels)))];
}

/** The series with another value of the label. */
export function elsewhere([name, values]: Series, label: string): Series {
  const text = name.promql.replace(new RegExp(`([{,]${label}=")([^"]*)"`), '$1$2-elsewhere"');
  return [{ ...name, promql: text } satisfies Expr, values];
}

/** Undefined where a series that has no such label would have two histories. */
function merged(own: readonly Series[], others: readonly Series[]): readonly Series[] | undefined {
  const histories = new Map(own.map(([name, values]) => [name.promql, values]));
  const added = others.filter(([name]) => !histories.has(name.promql));
  const isClear = others.every(([name, values]) => (histories.get(name.promql) ?? values) === values);
  return isClear && added.length > 0 ? [...own, ...added] : undefined;
}
