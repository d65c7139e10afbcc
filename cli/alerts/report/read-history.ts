import { saidIncomplete } from '../../../kit/prometheus-api/incomplete.ts';
import type { ColumnSeries, PrometheusApi } from '../../../kit/prometheus-api.ts';
import { type Gap, gapsIn } from './gaps.ts';
import type { Window } from './window.ts';

/** Samples of one request at most, which is about 20 MB of answer. */
const samplesPerRequest = 1_000_000;
/** Of the first one, when nobody knows yet how many series there are. */
const firstSteps = 60;
const mostSteps = 10_000;

export interface Reading {
  readonly api: Pick<PrometheusApi, 'rangeColumns'>;
  readonly signal: AbortSignal;
  /** Called before each request with the share of the window that is read. */
  readonly onProgress: (stepsDone: number, stepsTotal: number) => void;
  /** What the store said of an answer that lacks something. */
  readonly onIncomplete: (said: string) => void;
}

/** Asks for a window piece by piece, each as long as the number of series allows, so that memory does not grow with the window. */
export async function readPieces(
  expr: string,
  { startMs, endMs, stepMs }: Window,
  use: (series: readonly ColumnSeries[]) => void,
  { api, signal, onProgress, onIncomplete }: Reading,
): Promise<void> {
  const total = Math.floor((endMs - startMs) / stepMs) + 1;
  let steps = firstSteps;
  for (let done = 0; done < total; ) {
    onProgress(done, total);
    const last = Math.min(total, done + steps) - 1;
    const result = await api.rangeColumns(expr, {
      startMs: startMs + done * stepMs,
      endMs: startMs + last * stepMs,
      stepMs,
      signal,
    });
    const said = saidIncomplete(result);
    if (said !== undefined) onIncomplete(said);
    use(result.series);
    done = last + 1;
    steps = nextSteps(steps, result.series.length);
  }
}

/** Grows slowly: the next hour may have many more series than this one. */
function nextSteps(steps: number, series: number): number {
  const allowed = Math.floor(samplesPerRequest / Math.max(1, series));
  return Math.max(1, Math.min(allowed, 4 * steps, mostSteps));
}

/** Where Prometheus recorded nothing of itself or of any target; undefined where `up` is not there at all, as in a store of rules alone. */
export async function readGaps(window: Window, reading: Reading): Promise<readonly Gap[] | undefined> {
  const times: number[] = [];
  await readPieces('count(up)', window, (series) => times.push(...(series[0]?.timesMs ?? [])), reading);
  return times.length === 0 ? undefined : gapsIn(Float64Array.from(times), window);
}
