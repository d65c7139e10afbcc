import { isAtLeast, type RuleTarget, type TargetName } from './target.ts';

type Since = Readonly<Partial<Record<TargetName, string>>>;

/**
 * From which version on a field of a rule or a group loads; who is not named refuses it or ignores it.
 * Prometheus: its change log. Thanos: what the Prometheus Operator leaves out for older ones (prometheus-operator#6283).
 * VictoriaMetrics: change log of vmalert 1.92. The versions of Mimir are those that took over the Prometheus that brought
 * the field, and are not tried here.
 */
export const ruleFields = {
  keep_firing_for: { prometheus: '2.42', mimir: '2.7', thanos: '0.34', victoriametrics: '1.92' },
  limit: { prometheus: '2.31', mimir: '2.0', thanos: '0.24', victoriametrics: '1.69' },
  query_offset: { prometheus: '2.53', mimir: '2.13', thanos: '0.36' },
  /** Labels of a whole group. */
  labels: { prometheus: '3.0', victoriametrics: '1.55' },
  partial_response_strategy: { thanos: '0.1' },
  eval_delay: { victoriametrics: '1.97' },
} as const satisfies Readonly<Record<string, Since>>;

export type RuleField = keyof typeof ruleFields;

/** Functions and aggregations that are newer than the oldest Prometheus that we write for, and from which version they are there. */
export const newerFunctions: Readonly<Record<string, string>> = {
  sort_by_label: '2.49',
  sort_by_label_desc: '2.49',
  histogram_stddev: '2.45',
  histogram_stdvar: '2.45',
  histogram_avg: '2.51',
  mad_over_time: '2.53',
  limitk: '2.54',
  limit_ratio: '2.54',
  info: '3.0',
  double_exponential_smoothing: '3.0',
  ts_of_max_over_time: '3.5',
  ts_of_min_over_time: '3.5',
  ts_of_last_over_time: '3.5',
  first_over_time: '3.7',
  ts_of_first_over_time: '3.7',
};

/** Functions that are gone, and since when. */
export const removedFunctions: Readonly<Record<string, { readonly since: string; readonly instead: string }>> = {
  holt_winters: { since: '3.0', instead: 'double_exponential_smoothing' },
};

/** True if the field loads there. */
export function loads(field: RuleField, { name, version }: RuleTarget): boolean {
  const since = (ruleFields[field] as Since)[name];
  return since !== undefined && isAtLeast(version, since);
}

/** From which version of this target on a field loads; undefined if in none. */
export function loadsSince(field: RuleField, name: TargetName): string | undefined {
  return (ruleFields[field] as Since)[name];
}
