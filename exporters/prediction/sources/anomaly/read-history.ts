import { reasonOf } from '../../../../kit/errors.ts';
import type { Series } from '../../../../kit/prometheus-api.ts';
import type { Readings } from '../../anomaly/engine/kind-engine.ts';
import type { AskedSignal } from '../../anomaly/signals.ts';
import { readModels } from './membership.ts';
import { higherOf, type ReadDeps } from './read-now.ts';

export interface HistoryRequest {
  /** First and last step; both on the grid of `stepMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** So many steps are asked for at once, and held in memory: 36 are three hours of steps of five minutes. */
  readonly chunkSteps?: number;
  readonly signal?: AbortSignal;
}

/** What the steps of the past would have read. */
export interface PastStep {
  readonly atMs: number;
  readonly readings: readonly Readings[];
}

interface Column {
  readonly member: Readings['members'][number];
  readonly values: Float64Array;
}

const defaultChunk = 36;

/**
 * Reads the past by range queries, chunk after chunk, and gives it step by step in order of time, so that detectors can be warmed up as if they had
 * been there. A signal that cannot be read is missing in its chunk. An abort ends it between two queries.
 */
export async function* readHistory(deps: ReadDeps, request: HistoryRequest): AsyncGenerator<PastStep> {
  const { fromMs, toMs, stepMs, chunkSteps = defaultChunk, signal } = request;
  for (let startMs = fromMs; startMs <= toMs; startMs += chunkSteps * stepMs) {
    const endMs = Math.min(toMs, startMs + (chunkSteps - 1) * stepMs);
    const steps = Math.round((endMs - startMs) / stepMs) + 1;
    await learnModels(deps, endMs, signal);
    const columns = new Map<string, readonly Column[]>();
    for (const each of deps.signals) {
      signal?.throwIfAborted();
      columns.set(each.name, await readColumns(deps, each, { startMs, endMs, stepMs, steps, signal }));
    }
    for (let step = 0; step < steps; step++)
      yield { atMs: startMs + step * stepMs, readings: [...columns].map(([name, of]) => readingsAt(name, of, step)) };
  }
}

interface Chunk {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly signal: AbortSignal | undefined;
}

async function learnModels(
  { api, membership, asking, onProblem }: ReadDeps,
  atMs: number,
  signal?: AbortSignal,
): Promise<void> {
  try {
    membership.learn(await readModels(api, asking, atMs / 1000, signal));
  } catch (error) {
    signal?.throwIfAborted();
    onProblem(`models of GPUs: ${reasonOf(error)}`);
  }
}

async function readColumns(deps: ReadDeps, each: AskedSignal, chunk: Chunk): Promise<readonly Column[]> {
  const { startMs, endMs, stepMs, signal } = chunk;
  try {
    const { series } = await deps.api.queryRange(each.query(deps.asking), {
      startSeconds: startMs / 1000,
      endSeconds: endMs / 1000,
      stepSeconds: stepMs / 1000,
      ...(signal && { signal }),
    });
    return columnsOf(deps, each, series, chunk);
  } catch (error) {
    signal?.throwIfAborted();
    deps.onProblem(`${each.name}: ${reasonOf(error)}`);
    return [];
  }
}

function columnsOf(
  { membership }: ReadDeps,
  { kind }: AskedSignal,
  series: readonly Series[],
  chunk: Chunk,
): readonly Column[] {
  const columns = new Map<Column['member'], Float64Array>();
  for (const { labels, samples } of series) {
    const member = membership.memberOf(kind, labels);
    if (member === undefined) continue;
    const values = columns.get(member) ?? new Float64Array(chunk.steps).fill(Number.NaN);
    columns.set(member, values);
    for (const { timestampSeconds, value } of samples) {
      const step = Math.round((timestampSeconds * 1000 - chunk.startMs) / chunk.stepMs);
      values[step] = higherOf(values[step], value);
    }
  }
  return [...columns].map(([member, values]) => ({ member, values }));
}

function readingsAt(signal: string, columns: readonly Column[], step: number): Readings {
  return {
    signal,
    members: columns.map(({ member }) => member),
    values: columns.map(({ values }) => values[step] as number),
  };
}
