import { prometheus } from '../metrics/external.ts';
import type { Expr, PlainMetric } from '../metrics/promql.ts';
import { promql, series } from '../metrics/promql.ts';
import type { Alert, Runbook } from './alert.ts';

export interface AbsentAlert {
  readonly name: Alert['name'];
  /** Series that the exporter always has, each of another exporter where one of several will do. */
  readonly anyOf: readonly PlainMetric[];
  /** Who has them, as the summary names it. */
  readonly exporter: string;
  /** The profile or the themes whose alerts are blind without them, for the description. */
  readonly blind: string;
  readonly firstLook: Runbook['firstLook'];
  readonly remedy: Runbook['remedy'];
  /** A series of the exporter as a scrape gives it, for the examples. */
  readonly example: Expr;
}

/**
 * Says that alerts are quiet because nobody scrapes what they read, not because all is well. It finds that all clusters
 * of a Prometheus lack the exporter: where there is no series there is no cluster to name.
 */
export function absentAlert({ name, anyOf, exporter, blind, firstLook, remedy, example }: AbsentAlert): Alert {
  return {
    name,
    expr: anyOf.map((metric) => promql`absent(${metric})`).reduce((left, right) => promql`${left} and ${right}`),
    for: '15m',
    severity: 'warning',
    action: 'investigate',
    domain: 'platform',
    team: 'observability',
    summary: `Prometheus has no series of ${exporter}, so alerts on them are blind.`,
    description: `Prometheus has no ${anyOf.map((metric) => metric.name).join(' and no ')}, which ${exporter} shows. ${blind} cannot fire until it is scraped.`,
    runbook: {
      meaning: `${blind} are quiet because they have no data, not because all is well.`,
      firstLook: [
        "Is it scraped: page Status, Targets, or `curl -s http://<prometheus>:9090/api/v1/targets | jq -r '.data.activeTargets[] | [.labels.job, .health, .lastError] | @tsv' | sort -u`.",
        ...firstLook,
      ],
      remedy: [
        'Scrape it as the guide of alerts of the platform shows, with the labels that are listed there.',
        ...remedy,
      ],
    },
    fires: {
      when: 'Nothing else is scraped for twenty minutes',
      series: [[series(prometheus.up, { cluster: 'c1', job: 'other', instance: 'o1:80' }), '1x20']],
      at: '18m',
      alerts: [{}],
    },
    quiet: { when: 'The exporter was away for ten minutes', series: [[example, '1x5 _x10 1x5']], at: '15m' },
  };
}
