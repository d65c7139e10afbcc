import { type BoardQuery, everyBoardQuery } from '../../support/board-queries.ts';
import { uuidOf } from './fleet.ts';

/** How long Prometheus took for one query, by its own clock. */
export interface QueryTime extends Pick<BoardQuery, 'board' | 'panel' | 'expr' | 'onOpening'> {
  readonly seconds: number;
}

/** Whoever waits longer has gone. */
const longestSeconds = 10;
/** So many points a curve has that is half a screen wide. */
const points = 540;
const shown = { range: '10m', rateInterval: '1m', chosen: { uuid: uuidOf(0, 0), shown_node: 'n0' } };

/** Curves as dcgm-exporter's board has them: one for each GPU, over our names. */
const curvesOfEachGpu = [
  'gpu_temperature_celsius',
  'gpu_power_watts',
  'gpu_sm_clock_hertz',
  'gpu_utilization_ratio',
  'gpu_memory_used_bytes',
].map((expr) => ({ board: 'a curve of each GPU', panel: expr, expr, isCurve: true, onOpening: true }));

/** Asks every query of every board once, one after the other. What Prometheus gives up counts as 10 s. */
export function timeBoards(
  url: string,
  seconds: number,
  progress: (step: string) => void,
): Promise<readonly QueryTime[]> {
  return timeQueries(url, seconds, everyBoardQuery(shown), progress);
}

export function timeCurvesOfEachGpu(url: string, seconds: number): Promise<readonly QueryTime[]> {
  return timeQueries(url, seconds, curvesOfEachGpu);
}

async function timeQueries(
  url: string,
  seconds: number,
  queries: readonly Omit<BoardQuery, 'refId'>[],
  progress: (step: string) => void = () => {},
): Promise<readonly QueryTime[]> {
  const times: QueryTime[] = [];
  for (const { board, panel, expr, onOpening, isCurve } of queries) {
    times.push({ board, panel, expr, onOpening, seconds: await secondsOf(url, expr, isCurve ? seconds : undefined) });
    if (times.length % 100 === 0) progress(`boards: ${times.length} of ${queries.length} queries`);
  }
  return times;
}

async function secondsOf(url: string, expr: string, rangeSeconds: number | undefined): Promise<number> {
  const end = Date.now() / 1000;
  const body = new URLSearchParams({ query: expr, stats: 'all', timeout: `${longestSeconds}s` });
  if (rangeSeconds !== undefined) {
    body.set('start', String(end - rangeSeconds));
    body.set('end', String(end));
    body.set('step', String(rangeSeconds / points));
  }
  const path = rangeSeconds === undefined ? 'query' : 'query_range';
  const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body, signal: AbortSignal.timeout(180_000) });
  const answer = (await response.json()) as {
    readonly data?: { readonly stats: { readonly timings: { readonly execTotalTime: number } } };
  };
  return answer.data?.stats.timings.execTotalTime ?? longestSeconds;
}
