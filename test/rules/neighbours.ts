import type { Expr } from '../../metrics/promql.ts';
import type { Alert, Example, FiringExample } from '../../rules/alert.ts';
import { keyOf } from './alert-key.ts';
import { notApart } from './not-apart.ts';
import { numberedSituations } from './numbered.ts';

type Series = Example['series'][number];

/**
 * What happens elsewhere neither silences an alert nor fires another. Elsewhere is a situation in which the alert stays quiet, once for
 * each label of the alert with another value of that one label, so that a label which is missing in `by` or `on` mixes the two.
 */
export function neighboursOf(alert: Alert): readonly FiringExample[] {
  const { fires } = alert;
  const labels = labelsOf(fires).filter((label) => !isNotApart(alert, label));
  return quietBesides(alert).flatMap((quiet) => {
    const series = labels.reduce((all, label) => {
      const others = quiet.series.map((one) => elsewhere(one, label));
      return merged(all, others) ?? all;
    }, fires.series);
    if (series.length === fires.series.length) return [];
    return [{ ...fires, when: `${fires.when}; and elsewhere: ${quiet.when}`, series }];
  });
}

/** The quiet example, and edges that are quiet when the firing example is looked at. */
function quietBesides(alert: Alert): readonly FiringExample[] {
  const { fires } = alert;
  return numberedSituations(alert).filter(
    ({ alerts, at, interval }, index) =>
      alerts.length === 0 && interval === fires.interval && (index === 1 || at === fires.at),
  );
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
