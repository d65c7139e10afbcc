import { fieldsOf, invalid, type Place, positiveOf, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { type Expr, verbatim } from '../../../metrics/promql.ts';
import {
  booleanGauge,
  counted,
  type EventIndicator,
  type Indicator,
  nativeLatency,
} from '../../../rules/slo/indicator.ts';
import type { Window } from '../../../rules/slo/objective.ts';
import { normalisedLe } from './le.ts';
import { readPromql } from './promql-text.ts';

const kinds = ['ratio', 'latency', 'native_latency', 'boolean_gauge'] as const;
/** Stands in an expression of the user for the window that it is to look back. */
const windowVariable = '$window';

export interface IndicatorContext {
  readonly by: readonly string[];
  /** Whether the Prometheus that loads the rules knows native histograms without a feature flag. */
  readonly nativeHistograms: boolean;
}

/** What an objective counts. Throws ConfigError. */
export function indicatorOf(place: Place, context: IndicatorContext): Indicator {
  const field = fieldsOf(place, kinds);
  const given = kinds.filter((kind) => field(kind).value !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    throw new ConfigError(`${place.where} must have one of ${kinds.join(', ')}, got ${given.join(' and ') || 'none'}`);
  }
  return readers[kind](field(kind), context);
}

const readers: Readonly<Record<(typeof kinds)[number], (place: Place, context: IndicatorContext) => Indicator>> = {
  ratio: ratioOf,
  latency: latencyOf,
  native_latency: nativeLatencyOf,
  boolean_gauge: (place, { by }) => booleanGauge(by, verbatim(selectorOf(place))),
};

function ratioOf(place: Place, { by }: IndicatorContext): EventIndicator {
  const field = fieldsOf(place, ['good', 'bad', 'total']);
  const [good, bad] = [field('good'), field('bad')];
  if ((good.value === undefined) === (bad.value === undefined)) {
    throw new ConfigError(`${place.where} must have either good or bad, and total`);
  }
  const events = countedOf(field('total'), by);
  return good.value === undefined
    ? { kind: 'bad', bad: countedOf(bad, by), events }
    : { kind: 'good', good: countedOf(good, by), events };
}

function latencyOf(place: Place, { by }: IndicatorContext): EventIndicator {
  const field = fieldsOf(place, ['good', 'total']);
  const good = normalisedLe(field('good'), selectorOf(field('good')));
  return { kind: 'good', good: counted(by, verbatim(good)), events: counted(by, verbatim(selectorOf(field('total')))) };
}

function nativeLatencyOf(place: Place, { by, nativeHistograms }: IndicatorContext): EventIndicator {
  if (!nativeHistograms) {
    throw new ConfigError(
      `${place.where} needs a Prometheus that knows native histograms: say "prometheus: 3" at the top of the file, or use latency with a bucket`,
    );
  }
  const field = fieldsOf(place, ['histogram', 'below']);
  return nativeLatency(by, verbatim(selectorOf(field('histogram'))), positiveOf(field('below')));
}

/** A selector of counters, or an expression with $window that says itself what it counts by. */
function countedOf(place: Place, by: readonly string[]): (window: Window) => Expr {
  const text = textOf(place);
  if (!text.includes(windowVariable)) return counted(by, verbatim(selectorOf(place)));
  const { fault, by: labels } = readPromql(text.replaceAll(windowVariable, '5m'));
  if (fault !== undefined) throw notPromql(place, fault);
  if (labels === undefined || !isSameSet(labels, by)) {
    throw new ConfigError(
      `${place.where} must be sum by (${by.join(', ')}) (…), with just the labels of the objective, got ${labels === undefined ? 'no "by" around the whole of it' : `by (${labels.join(', ')})`}`,
    );
  }
  return (window) => verbatim(text.replaceAll(windowVariable, window));
}

function selectorOf(place: Place): string {
  const text = textOf(place).trim();
  const { fault, matchers } = readPromql(text);
  if (fault !== undefined) throw notPromql(place, fault);
  if (matchers !== undefined) return text;
  throw invalid(
    place,
    'the name of a metric, with matchers if need be, such as http_requests_total{job="api"}',
    `; an expression must hold ${windowVariable}`,
  );
}

function notPromql({ value, where }: Place, fault: string): ConfigError {
  return new ConfigError(`${where} is no PromQL: ${fault} in ${JSON.stringify(value)}`);
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return new Set([...some, ...others]).size === some.length && some.length === others.length;
}
