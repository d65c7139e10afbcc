import { gpu } from '../../../../metrics/gpu.ts';
import type { HistoryApi } from './history-api.ts';
import { selectorOf } from './matchers.ts';
import { rangeOf } from './signal-queries.ts';

const dayMs = 86_400_000;
const metrics = [gpu.gpu_info.name, 'DCGM_FI_DEV_GPU_TEMP'];

/** Midnight before the first GPU that a server remembers within a stretch; undefined where it remembers none. */
export async function readBeginning(
  api: HistoryApi,
  {
    fromMs,
    untilMs,
    matchers,
  }: { readonly fromMs: number; readonly untilMs: number; readonly matchers: readonly string[] },
  signal: AbortSignal,
): Promise<number | undefined> {
  const seen = metrics.map((metric) => `group(last_over_time(${selectorOf(metric, matchers)}[${rangeOf(dayMs)}]))`);
  const startMs = (Math.floor(fromMs / dayMs) + 1) * dayMs;
  const endMs = Math.max(startMs, Math.ceil(untilMs / dayMs) * dayMs);
  const series = await api.range(seen.join(' or '), { startMs, endMs, stepMs: dayMs }, signal);
  const first = Math.min(...series.flatMap(({ timesMs }) => timesMs[0] ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(first) ? first - dayMs : undefined;
}
