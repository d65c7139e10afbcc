import {
  type ColumnsResult,
  type ColumnsWindow,
  createPrometheusApi,
  type PrometheusApi,
  PrometheusApiError,
  type PrometheusApiSettings,
} from '../../../../kit/prometheus-api.ts';
import { refuseIncomplete } from './refuse-incomplete.ts';

/** What reading has cost the server and the network so far. */
export interface Usage {
  /** HTTP requests, those that failed and were tried again too. */
  readonly queries: number;
  /** Of the answers, after decompression. */
  readonly bytes: number;
}

/** Reads long stretches of history. Every answer is whole, or it is a SourceError. */
export interface HistoryApi {
  /** Points from `startMs` to `endMs`, both with it, each `stepMs`. */
  readonly range: (
    expr: string,
    span: ColumnsWindow & { readonly stepMs: number },
    signal: AbortSignal,
  ) => Promise<ColumnsResult['series']>;
  /** Samples as they were scraped, in (startMs, endMs]. */
  readonly raw: (selector: string, span: ColumnsWindow, signal: AbortSignal) => Promise<ColumnsResult['series']>;
  readonly usage: () => Usage;
}

/** A stretch that takes the server too long is halved so many times. */
const mostHalvings = 4;

/** `settings.fetch` is called through a counter. */
export function createHistoryApi(settings: PrometheusApiSettings): HistoryApi {
  const count = { queries: 0, bytes: 0 };
  const send = settings.fetch ?? ((url: URL, init: RequestInit) => fetch(url, init));
  const api = createPrometheusApi({
    timeoutMs: 120_000,
    maxResponseBytes: 256 * 1024 * 1024,
    rawPageSeconds: 6 * 3600,
    ...settings,
    fetch: async (url, init) => {
      count.queries += 1;
      return counted(await send(url, init), (bytes) => {
        count.bytes += bytes;
      });
    },
  });
  return historyOf(api, () => ({ ...count }));
}

export function historyOf(api: Pick<PrometheusApi, 'rangeColumns' | 'rawColumns'>, usage: () => Usage): HistoryApi {
  return {
    usage,
    range: (expr, { startMs, endMs, stepMs }, signal) => {
      const points = { first: 0, last: Math.floor((endMs - startMs) / stepMs) };
      return halving(points, mostHalvings, async ({ first, last }) =>
        whole(
          await api.rangeColumns(expr, {
            startMs: startMs + first * stepMs,
            endMs: startMs + last * stepMs,
            stepMs,
            signal,
          }),
          expr,
        ),
      );
    },
    // In whole milliseconds, (start, end] is the same as [start + 1, end + 1).
    raw: (selector, { startMs, endMs }, signal) =>
      halving({ first: startMs + 1, last: endMs }, mostHalvings, async ({ first, last }) =>
        whole(await api.rawColumns(selector, { startMs: first, endMs: last + 1, signal }), selector),
      ),
  };
}

interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The parts of a series come one after the other, in the order of time. */
async function halving(
  { first, last }: Stretch,
  left: number,
  read: (stretch: Stretch) => Promise<ColumnsResult['series']>,
): Promise<ColumnsResult['series']> {
  try {
    return await read({ first, last });
  } catch (error) {
    if (left === 0 || first === last || !(error instanceof PrometheusApiError) || error.kind !== 'deadline')
      throw error;
    const middle = Math.floor((first + last) / 2);
    const early = await halving({ first, last: middle }, left - 1, read);
    return [...early, ...(await halving({ first: middle + 1, last }, left - 1, read))];
  }
}

function whole(result: ColumnsResult, what: string): ColumnsResult['series'] {
  refuseIncomplete(result, what);
  return result.series;
}

function counted(response: Response, add: (bytes: number) => void): Response {
  if (response.body === null) return response;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      add(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
}
