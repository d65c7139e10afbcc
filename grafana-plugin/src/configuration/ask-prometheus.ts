import { CoreApp, type DataFrame, dateTime } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import type { DataQuery } from '@grafana/schema';
import { from, lastValueFrom, timeout } from 'rxjs';
import { domains, targets, targetsDown } from './prometheus-domains';

const limitMs = 30_000;

interface PromQuery extends DataQuery {
  readonly expr: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly format: string;
}

/** Asks the data source by Grafana, as panels do. Rejects with an Error that says what Grafana or Prometheus said. */
export async function askPrometheus(uid: string): Promise<readonly DataFrame[]> {
  const source = await getDataSourceSrv().get(uid);
  const to = dateTime();
  const range = { from: dateTime(to).subtract(1, 'hour'), to };
  const request = {
    requestId: 'fleetlens-connections',
    app: CoreApp.Unknown,
    interval: '1m',
    intervalMs: 60_000,
    maxDataPoints: 60,
    range: { ...range, raw: range },
    scopedVars: {},
    targets: queries(),
    timezone: 'browser',
    startTime: to.valueOf(),
  };
  const { data, errors } = await lastValueFrom(from(source.query(request)).pipe(timeout(limitMs)));
  const [error] = errors ?? [];
  if (error !== undefined) throw new Error(error.message ?? String(error.status));
  return data;
}

function queries(): PromQuery[] {
  const all = [
    ...domains.map(({ id, expr }) => [id, expr] as const),
    ['targets', targets] as const,
    ['targetsDown', targetsDown] as const,
  ];
  return all.map(([refId, { promql: expr }]) => ({ refId, expr, instant: true, range: false, format: 'table' }));
}
