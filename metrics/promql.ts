import type { Kind, LabelsOf, Metric, SelectableLabels } from './define.ts';

declare const isExpr: unique symbol;

/** A PromQL expression that was built from the catalogue. Made only by `promql`, `select`, `bucket`, `sumOf`, `countOf` and `verbatim`. */
export interface Expr {
  readonly promql: string;
  /** The same in pieces: text, and the numbers that may still be set. */
  readonly parts: readonly (string | Parameter)[];
  readonly [isExpr]: true;
}

/** A number with a name, which {@link withParameters} sets to another value. */
export interface Parameter {
  readonly parameter: string;
  readonly value: number;
}

/** A histogram has no series of its own name, so only its `bucket`, `sumOf` and `countOf` may stand in an expression. */
export type PlainMetric = Metric<string, Exclude<Kind, 'histogram'>>;
export type Histogram = Metric<string, 'histogram'>;
export type Duration = { readonly duration: `${number}${'s' | 'm' | 'h' | 'd'}` };
export type Piece = PlainMetric | Expr | Duration | Parameter | number;

/** Equality, or a regular expression, or the negation of either. */
export type Matcher = string | { readonly re: string } | { readonly not: string } | { readonly notRe: string };

/**
 * PromQL stays PromQL, backslashes included; only names, thresholds and durations are filled in:
 * promql`avg by (cluster, node) (${gpu.gpu_utilization_ratio}) > ${limit}`.
 */
export function promql(text: TemplateStringsArray, ...pieces: readonly Piece[]): Expr {
  return expr(text.raw.flatMap((raw, index) => [...(index === 0 ? [] : partsOf(pieces[index - 1])), raw]));
}

/** The expression with other values for some of its parameters. */
export function withParameters({ parts }: Expr, values: Readonly<Record<string, number>>): Expr {
  return expr(
    parts.map((part) => (typeof part === 'string' ? part : { ...part, value: values[part.parameter] ?? part.value })),
  );
}

/** The expression with text put in behind offsets of `promql`, none of them 0 or within a parameter. Parameters stay what they are. */
export function withInsertions(
  { parts }: Expr,
  insertions: readonly { readonly at: number; readonly text: string }[],
): Expr {
  let from = 0;
  return expr(
    parts.map((part) => {
      const start = from;
      from += rendered(part).length;
      if (typeof part !== 'string') return part;
      const here = insertions.filter(({ at }) => at > start && at <= from).sort((a, b) => b.at - a.at);
      return here.reduce((text, { at, text: more }) => text.slice(0, at - start) + more + text.slice(at - start), part);
    }),
  );
}

/** `metric{label="value"}` with only labels that the metric or its scrape target has. */
export function select<M extends PlainMetric>(
  metric: M,
  where: { readonly [L in SelectableLabels<M>]?: Matcher },
): Expr {
  return expr([selector(metric.name, where)]);
}

/** The `_bucket` series of a histogram; `le` may be matched too. */
export function bucket<M extends Histogram>(
  metric: M,
  where: { readonly [L in SelectableLabels<M> | 'le']?: Matcher } = {},
): Expr {
  return expr([selector(`${metric.name}_bucket`, where)]);
}

/** The `_sum` series of a histogram, in its unit. */
export function sumOf<M extends Histogram>(
  metric: M,
  where: { readonly [L in SelectableLabels<M>]?: Matcher } = {},
): Expr {
  return expr([selector(`${metric.name}_sum`, where)]);
}

/** The `_count` series of a histogram. */
export function countOf<M extends Histogram>(
  metric: M,
  where: { readonly [L in SelectableLabels<M>]?: Matcher } = {},
): Expr {
  return expr([selector(`${metric.name}_count`, where)]);
}

/** PromQL, or a piece of it, that no catalogue knows, such as the series of a user: whoever takes it in has checked it. */
export function verbatim(text: string): Expr {
  return expr([text]);
}

export function duration(text: Duration['duration']): Duration {
  return { duration: text };
}

/** A series in the notation of promtool's unit tests: every label of the metric, and any target label. */
export function series<M extends PlainMetric>(
  metric: M,
  values: { readonly [L in LabelsOf<M>]: string } & {
    readonly [L in Exclude<SelectableLabels<M>, LabelsOf<M>>]?: string;
  },
): Expr {
  return expr([selector(metric.name, values)]);
}

function expr(parts: Expr['parts']): Expr {
  return Object.freeze({ promql: parts.map(rendered).join(''), parts }) as Expr;
}

function rendered(part: Expr['parts'][number]): string {
  return typeof part === 'string' ? part : renderNumber(part.value);
}

function partsOf(piece: Piece | undefined): Expr['parts'] {
  if (piece === undefined) return [];
  if (typeof piece === 'number') return [renderNumber(piece)];
  if ('parts' in piece) return piece.parts;
  if ('parameter' in piece) return [{ parameter: piece.parameter, value: piece.value }];
  return ['duration' in piece ? piece.duration : piece.name];
}

function renderNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a number in a PromQL expression must be finite, got ${value}`);
  return String(value);
}

function selector(name: string, where: Readonly<Record<string, Matcher | undefined>>): string {
  const matchers = Object.entries(where).flatMap(([label, matcher]) =>
    matcher === undefined ? [] : [label + renderMatcher(matcher)],
  );
  return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
}

function renderMatcher(matcher: Matcher): string {
  if (typeof matcher === 'string') return `=${quote(matcher)}`;
  if ('re' in matcher) return `=~${quote(matcher.re)}`;
  if ('notRe' in matcher) return `!~${quote(matcher.notRe)}`;
  return `!=${quote(matcher.not)}`;
}

function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
