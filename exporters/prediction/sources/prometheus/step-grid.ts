import type { SignalSamples } from '../../features/fleet-samples.ts';

/** Columns that a signal has for each step; `value` is the mean, the last reading, or what a counter grew by. */
export const gridColumns = ['value', 'sd', 'max', 'last', 'count'] as const;
export type GridColumn = (typeof gridColumns)[number];

/**
 * Readings of a fleet, one place for each signal, entity and step, NaN where there is none: 8 bytes a reading, whatever the number of entities. It holds
 * the last steps and moves on in time.
 */
export interface StepGrid {
  /** End of the first step that it holds. */
  readonly firstMs: () => number;
  readonly lastMs: () => number;
  /** Forgets steps at the begin and makes room for as many at the end. */
  readonly moveTo: (lastMs: number) => void;
  /** In the place of what is there. Steps that it does not hold are left out. */
  readonly write: (signal: string, column: GridColumn, reading: Reading) => void;
  /** Undefined where a signal has never had a reading. `weights`: whose counts weigh those without counts of their own. */
  readonly samplesOf: (signal: string, entity: number, weights: string | undefined) => SignalSamples | undefined;
}

export interface Reading {
  readonly entity: number;
  /** End of the step. */
  readonly atMs: number;
  readonly value: number;
}

export function createStepGrid(
  { stepMs, steps }: { readonly stepMs: number; readonly steps: number },
  lastMs: number,
): StepGrid {
  let last = lastMs;
  const times = new Float64Array(steps);
  const columns = new Map<string, Float64Array>();
  fillTimes();

  function fillTimes(): void {
    for (let at = 0; at < steps; at += 1) times[at] = last - (steps - 1 - at) * stepMs;
  }

  function columnOf(key: string, entity: number): Float64Array {
    const known = columns.get(key);
    const needed = (entity + 1) * steps;
    if (known !== undefined && known.length >= needed) return known;
    const larger = new Float64Array(Math.max(needed, (known?.length ?? 0) * 2)).fill(Number.NaN);
    if (known !== undefined) larger.set(known);
    columns.set(key, larger);
    return larger;
  }

  const placeOf = (entity: number, atMs: number): number => {
    const step = Math.round((atMs - (times[0] as number)) / stepMs);
    return step < 0 || step >= steps ? -1 : entity * steps + step;
  };

  function own(signal: string, column: GridColumn, entity: number): Float64Array | undefined {
    const all = columns.get(`${signal} ${column}`);
    return all === undefined || all.length < (entity + 1) * steps
      ? undefined
      : all.slice(entity * steps, (entity + 1) * steps);
  }

  return {
    firstMs: () => times[0] as number,
    lastMs: () => last,
    moveTo: (newLastMs) => {
      const by = Math.min(steps, Math.round((newLastMs - last) / stepMs));
      if (by < 0) throw new RangeError('a grid only moves on in time');
      for (const column of columns.values()) {
        for (let from = 0; from < column.length; from += steps) {
          column.copyWithin(from, from + by, from + steps);
          column.fill(Number.NaN, from + steps - by, from + steps);
        }
      }
      last = newLastMs;
      fillTimes();
    },
    write: (signal, column, { entity, atMs, value }) => {
      const place = placeOf(entity, atMs);
      if (place >= 0) columnOf(`${signal} ${column}`, entity)[place] = value;
    },
    samplesOf: (signal, entity, weights) => {
      const lasts = own(signal, 'last', entity);
      const maxes = own(signal, 'max', entity);
      const values = own(signal, 'value', entity) ?? lasts ?? maxes;
      if (values === undefined) return undefined;
      const counts =
        own(signal, 'count', entity) ?? (weights === undefined ? undefined : own(weights, 'count', entity));
      const timesMs = times.slice();
      if (counts === undefined) return { timesMs, values };
      return { timesMs, values, reduced: { counts, sds: own(signal, 'sd', entity), maxes, lasts } };
    },
  };
}
