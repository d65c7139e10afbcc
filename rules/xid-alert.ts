import { gpu } from '../metrics/gpu.ts';
import type { Expr, Matcher } from '../metrics/promql.ts';
import { promql, select, series } from '../metrics/promql.ts';
import type { Action, Alert, Example, FiringExample, Runbook, Severity, Team } from './alert.ts';
import { exampleGpu, exampleGpuTarget } from './examples.ts';
import { thresholds } from './thresholds.ts';

export interface XidAlert {
  readonly name: Capitalize<string>;
  /** Which codes, as a matcher of the label `xid`. */
  readonly codes: Matcher;
  readonly severity: Severity;
  readonly action: Action;
  readonly team: Team;
  readonly summary: string;
  /** The end of the description: the first thing to do. */
  readonly firstThing: string;
  readonly runbook: Runbook;
  readonly fires: FiringExample;
  readonly quiet: Example;
}

/** An alert on XID errors of the last five minutes; its value is their number. */
export function xidAlert({ codes, firstThing, ...alert }: XidAlert): Alert {
  return {
    ...alert,
    edges: alert.fires.alerts.flatMap(({ xid = '' }) => casesOf(xid)),
    expr: recentXidErrors(codes),
    thresholds: ['xidNewSeriesMaxAgeSeconds'],
    for: '0s',
    keepFiringFor: '15m',
    domain: 'gpu',
    description: `GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} reported XID {{ $labels.xid }} ({{ $value | humanize }} within five minutes). ${firstThing}`,
  };
}

/**
 * increase() ignores the first sample of a series, so a counter that appears with errors on it needs the second half.
 * There the time of the last error tells a new error from an old one that is merely seen again after a gap in scraping.
 */
function recentXidErrors(codes: Matcher): Expr {
  const errors = select(gpu.gpu_xid_errors_total, { xid: codes });
  const last = select(gpu.gpu_xid_last_timestamp_seconds, { xid: codes });
  return promql`round(max by (cluster, node, gpu_id, uuid, xid) (increase(${errors}[5m]))) > 0
or
(
  max by (cluster, node, gpu_id, uuid, xid) (${errors}) > 0
  unless
  max by (cluster, node, gpu_id, uuid, xid) (${errors} offset 5m)
)
and
time() - max by (cluster, node, gpu_id, uuid, xid) (${last}) < ${thresholds.xidNewSeriesMaxAgeSeconds}`;
}

/** The usual case: the counter was there with 0 and goes up. */
export function counted(xid: string): FiringExample {
  return {
    when: `XID ${xid} is reported for the first time, on a counter that was there before`,
    series: [errorSeries(xid, '0x4 1x5'), lastSeries(xid, '_x5 290x5')],
    at: '7m',
    alerts: [{ ...exampleGpu, xid }],
  };
}

/** A code without a counter from the start. */
export function appeared(xid: string): FiringExample {
  return {
    when: `The counter of XID ${xid} appears with two errors on it`,
    series: [errorSeries(xid, '_x5 2x5'), lastSeries(xid, '_x5 290x5')],
    at: '6m',
    alerts: [{ ...exampleGpu, xid }],
  };
}

/** What every alert of this kind is tested on. A counter that appears is judged by its last error, which may be ten minutes old. */
function casesOf(xid: string): readonly (FiringExample | Example)[] {
  return [
    counted(xid),
    { ...appeared(xid), series: [errorSeries(xid, '_x5 1x5'), lastSeries(xid, '_x5 -230x5')] },
    ...[
      { when: 'was there with an error, and does not go up', errors: '1x20', last: '100x20' },
      { when: 'appears with an error of twelve minutes ago', errors: '_x5 2x5', last: '_x5 -340x5' },
      { when: 'appears without an error', errors: '_x5 0x5', last: '_x5 290x5' },
    ].map(({ when, errors, last }) => ({
      when: `The counter of XID ${xid} ${when}`,
      series: [errorSeries(xid, errors), lastSeries(xid, last)],
      at: '6m' as const,
    })),
  ];
}

export function heldAfterwards(xid: string): FiringExample {
  return {
    when: `XID ${xid} was reported a quarter of an hour ago; the alert is kept up for people who look late`,
    series: [errorSeries(xid, '0x1 1x20'), lastSeries(xid, '_x2 100x20')],
    at: '16m',
    alerts: [{ ...exampleGpu, xid }],
  };
}

/** Behind the window of five minutes and the quarter of an hour for which the alert is kept. */
export function over(xid: string): Example {
  return {
    when: `The only XID ${xid} is 23 minutes old`,
    series: [errorSeries(xid, '0x1 1x30'), lastSeries(xid, '_x2 100x30')],
    at: '25m',
  };
}

export function seenAgainAfterGap(xid: string): Example {
  return {
    when: `A counter with an old XID ${xid} comes back after half an hour without scrapes`,
    series: [errorSeries(xid, '1x1 _x32 1x5'), lastSeries(xid, '-3600x1 _x32 -3600x5')],
    at: '35m',
  };
}

export function otherCode(xid: string): Example {
  return {
    when: `Only XID ${xid} is reported, which is not for this alert`,
    series: [errorSeries(xid, '0x4 1x5'), lastSeries(xid, '_x5 290x5')],
    at: '7m',
  };
}

function errorSeries(xid: string, values: string): readonly [Expr, string] {
  return [series(gpu.gpu_xid_errors_total, { ...exampleGpuTarget, xid }), values];
}

function lastSeries(xid: string, values: string): readonly [Expr, string] {
  return [series(gpu.gpu_xid_last_timestamp_seconds, { ...exampleGpuTarget, xid }), values];
}
