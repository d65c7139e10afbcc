import type { ColumnsResult } from '../../../../kit/prometheus-api.ts';
import type { EntityKind } from '../../entity.ts';
import { largest } from '../../features/clean-samples.ts';
import type { FeatureSpec, SeriesSource, SignalSpec } from '../../features/feature-spec.ts';
import type { CounterState } from './counter-state.ts';
import type { FleetBook } from './fleet-book.ts';
import type { HistoryApi } from './history-api.ts';
import { type Reduction, reductionsOf } from './reductions.ts';
import { repairResets } from './repair-resets.ts';
import { keyOfSeries, type LabelNames } from './series-labels.ts';
import { type Asking, counterQuery, gaugeQuery, growthQuery } from './signal-queries.ts';
import type { GridColumn, StepGrid } from './step-grid.ts';

/** Where what is read goes to. */
export interface SignalTarget {
  readonly api: HistoryApi;
  readonly book: FleetBook;
  readonly grid: StepGrid;
  readonly counters: CounterState;
}

export interface SignalRequest {
  readonly kind: EntityKind;
  readonly labels: LabelNames;
  /** Labels that tell the entities apart. */
  readonly by: readonly string[];
  readonly stepMs: number;
  /** Ends of the first and the last step. */
  readonly startMs: number;
  readonly endMs: number;
}

export type ReadTask = (signal: AbortSignal) => Promise<void>;

/** For each signal and shard (its matchers) what has to be read, to be run in any order. */
export function signalTasks(
  spec: FeatureSpec,
  shards: readonly (readonly string[])[],
  request: SignalRequest,
  target: SignalTarget,
): readonly ReadTask[] {
  return spec.signals
    .filter(({ of }) => of !== 'scrape')
    .flatMap((signal) =>
      shards.map((matchers) => {
        const reading = { signal, request, target, asking: { by: request.by, matchers, stepMs: request.stepMs } };
        return (stop: AbortSignal) =>
          signal.kind === 'counter' ? readCounter(reading, stop) : readGauge(reading, reductionsOf(spec, signal), stop);
      }),
    );
}

export interface SignalReading {
  readonly signal: SignalSpec;
  readonly request: SignalRequest;
  readonly target: SignalTarget;
  readonly asking: Asking;
}

const columnOf: Readonly<Record<Reduction, GridColumn>> = {
  mean: 'value',
  sd: 'sd',
  max: 'max',
  last: 'last',
  count: 'count',
};

/** The source that comes first wins where an entity has several in a step, so the last is written first. */
async function readGauge(reading: SignalReading, reductions: readonly Reduction[], stop: AbortSignal): Promise<void> {
  const { signal, asking, request, target } = reading;
  for (const source of signal.from.toReversed()) {
    for (const reduction of reductions) {
      const series = await target.api.range(gaugeQuery(reduction, signal, source, asking), request, stop);
      const scale = reduction === 'count' ? 1 : (source.scale ?? 1);
      writeAll(reading, series, columnOf[reduction], scale);
    }
  }
}

function writeAll(
  { signal, request, target }: SignalReading,
  series: ColumnsResult['series'],
  column: GridColumn,
  scale: number,
): void {
  forEachReading(series, { request, target, scale }, (entity, atMs, value) =>
    target.grid.write(signal.name, column, { entity, atMs, value }),
  );
}

interface Visiting {
  readonly request: SignalRequest;
  readonly target: SignalTarget;
  readonly scale: number;
}

/** In base units; readings that are no numbers, and series of nobody that is known, are left out. */
function forEachReading(
  series: ColumnsResult['series'],
  { request, target, scale }: Visiting,
  visit: (entity: number, atMs: number, value: number) => void,
): void {
  for (const { labels, timesMs, values } of series) {
    const entity = target.book.indexOfKey(keyOfSeries(request.kind, labels, request.labels) ?? '');
    if (entity === undefined) continue;
    for (let at = 0; at < timesMs.length; at += 1) {
      const value = (values[at] as number) * scale;
      if (Math.abs(value) <= largest) visit(entity, timesMs[at] as number, value);
    }
  }
}

/** Of a counter the growth of each step is kept. Where it was reset, what the server has reduced is put right from the samples. */
async function readCounter(reading: SignalReading, stop: AbortSignal): Promise<void> {
  const { signal, asking, request, target } = reading;
  for (const source of signal.from.toReversed()) {
    const isSingle = signal.combine === undefined;
    const expr = isSingle ? counterQuery(source, asking) : growthQuery(signal, source, asking);
    const series = await target.api.range(expr, request, stop);
    if (series.length === 0) continue;
    writeGrowth(reading, source, series, isSingle);
    await repairResets(reading, source, stop);
  }
}

function writeGrowth(
  { signal, request, target }: SignalReading,
  { metric, scale = 1 }: SeriesSource,
  series: ColumnsResult['series'],
  isSingle: boolean,
): void {
  forEachReading(series, { request, target, scale }, (entity, atMs, reading) => {
    const value = isSingle ? target.counters.growth(`${signal.name} ${metric}`, entity, { atMs, reading }) : reading;
    if (value !== undefined) target.grid.write(signal.name, 'value', { entity, atMs, value });
  });
}
