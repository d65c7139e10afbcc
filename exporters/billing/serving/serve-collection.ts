import type { BackfillJob, MeterStatus, Collection as ServedCollection } from '../api/services.ts';
import type { Backfill } from '../collection/backfill-book.ts';
import type { Collection } from '../collection/collection.ts';
import type { PairStatus } from '../collection/pair-collector.ts';
import { plus } from '../exact.ts';
import type { Watermark, WindowRecord } from '../ledger/ledger.ts';
import type { SourceHealth } from '../sources/reader.ts';
import type { State } from '../standing/standing.ts';

export interface ServeCollectionDeps {
  readonly collection: Collection;
  readonly state: () => Pick<State, 'metering' | 'windows'>;
  readonly watermarks: () => Promise<readonly Watermark[]>;
  readonly health: () => readonly SourceHealth[];
  readonly isLeader: () => boolean;
}

/** The metering as the API has it. */
export function serveCollection(deps: ServeCollectionDeps): ServedCollection {
  const { collection, state, watermarks, health, isLeader } = deps;
  return {
    status: async () => {
      const pairs = collection.status();
      const marks = await watermarks();
      const places = new Map([...marks, ...pairs].map((each) => [keyOf(each), each]));
      return {
        isLeader: isLeader(),
        meters: [...places.values()].map((place) =>
          meterStatus(place, {
            mark: marks.find((each) => keyOf(each) === keyOf(place)),
            pair: pairs.find((each) => keyOf(each) === keyOf(place)),
            windows: state().windows.filter((each) => keyOf(each) === keyOf(place)),
            coverage: state().metering.find((each) => keyOf(each) === keyOf(place))?.coverage,
          }),
        ),
        sources: health(),
      };
    },
    backfill: async (request) => jobOf(await collection.backfill(request)),
    jobs: async () => (await collection.backfills()).map(jobOf),
    cancel: async (id) => {
      const found = await collection.cancel(id);
      return found === undefined ? undefined : jobOf(found);
    },
  };
}

interface Place {
  readonly cluster: string;
  readonly meter: string;
}

interface Known {
  readonly mark: Watermark | undefined;
  readonly pair: PairStatus | undefined;
  readonly windows: readonly WindowRecord[];
  readonly coverage: number | undefined;
}

function meterStatus({ cluster, meter }: Place, { mark, pair, windows, coverage }: Known): MeterStatus {
  const errors = windows.flatMap(({ conservation }) => conservation ?? []);
  const source = windows.toSorted((a, b) => a.span.startMs - b.span.startMs).at(-1)?.evidence.source;
  return {
    cluster,
    meter,
    source: source ?? '',
    fromMs: mark?.fromMs,
    untilMs: mark?.untilMs,
    coverage,
    heldWindows: pair?.waiting.length ?? 0,
    conservationError:
      errors.length === 0 ? undefined : errors.map(({ error }) => error).reduce((sum, each) => plus(sum, each)),
    trouble: pair?.trouble,
  };
}

function jobOf(backfill: Backfill): BackfillJob {
  const { error, problems, ...job } = backfill;
  const reason = error === '' ? problems[0] : error;
  return { ...job, reason };
}

function keyOf({ cluster, meter }: Place): string {
  return JSON.stringify([cluster, meter]);
}
