import { entityKinds, keyOfEntity } from '../../entity.ts';
import { type AnomalySettings, windowMs } from '../settings.ts';
import { signals as allSignals, type Signal } from '../signals.ts';
import { type AnomalyEvent, anomalyDetectors, type FleetEvent } from './events.ts';
import { createKindEngine, type KindEngine, type Readings } from './kind-engine.ts';
import { loadEngine, saveEngine } from './saved-engine.ts';
import { type AnomalyView, viewOf } from './view.ts';

/** What one step found. Scores and bands are in the view. */
export interface AnomalyStep {
  readonly atMs: number;
  /** By key of the entity, then by detector. */
  readonly events: readonly AnomalyEvent[];
  readonly fleetEvents: readonly FleetEvent[];
  readonly held: number;
}

/** Watches every entity: one step takes what all signals are at a moment. It knows no clock and asks nobody. */
export interface AnomalyEngine {
  /**
   * Times are laid on a grid of `stepMs` since 1970; a time that is not after the last step changes nothing and gives undefined. A signal
   * that is left out, and an entity without a reading, is missing in this step. After more than three days without a step all begins anew.
   */
  readonly step: (atMs: number, readings: readonly Readings[]) => AnomalyStep | undefined;
  readonly view: () => AnomalyView;
  /** All that it remembers, in pieces that are valid until the next step. */
  readonly save: () => Iterable<Uint8Array>;
  /** `read` gives the next so many bytes. Throws a SourceError for a state of other settings or signals; then make a new engine. */
  readonly load: (read: (bytes: number) => Uint8Array) => void;
}

/** Counts since the start, and the last slot. What is not counted here can be seen in the state of the kinds. */
export interface EngineBook {
  lastSlot: number | undefined;
  readonly events: Map<string, number>;
  readonly fleetEvents: Map<string, number>;
  held: number;
}

export function createAnomalyEngine(settings: AnomalySettings, signals: readonly Signal[] = allSignals): AnomalyEngine {
  const book: EngineBook = { lastSlot: undefined, events: new Map(), fleetEvents: new Map(), held: 0 };
  let kinds = newKinds();

  function newKinds(): readonly KindEngine[] {
    return entityKinds
      .filter((kind) => signals.some((signal) => signal.kind === kind))
      .map((kind) => createKindEngine(kind, signals, settings));
  }

  function missedBefore(slot: number): number {
    const missed = book.lastSlot === undefined ? 0 : slot - book.lastSlot - 1;
    if (missed * settings.stepMs <= windowMs) return missed;
    kinds = newKinds();
    return 0;
  }

  return {
    step: (atMs, readings) => {
      const slot = Math.round(atMs / settings.stepMs);
      if (!Number.isFinite(slot) || (book.lastSlot !== undefined && slot <= book.lastSlot)) return undefined;
      const at = { atMs: slot * settings.stepMs, slot, missed: missedBefore(slot) };
      book.lastSlot = slot;
      const reported = kinds.map((kind) => kind.step(at, readings));
      const step = {
        atMs: at.atMs,
        events: reported.flatMap(({ events }) => events).sort(byEntity),
        fleetEvents: reported.flatMap(({ fleetEvents }) => fleetEvents),
        held: reported.reduce((sum, { held }) => sum + held, 0),
      };
      bookStep(book, step);
      return step;
    },
    view: () => viewOf({ kinds, book, settings }),
    save: () => saveEngine({ kinds, book, settings }),
    load: (read) => {
      kinds = newKinds();
      loadEngine({ kinds, book, settings }, read);
    },
  };
}

function byEntity(a: AnomalyEvent, b: AnomalyEvent): number {
  const [first, second] = [keyOfEntity(a.entity), keyOfEntity(b.entity)];
  if (first !== second) return first < second ? -1 : 1;
  return anomalyDetectors.indexOf(a.detector) - anomalyDetectors.indexOf(b.detector);
}

function bookStep(book: EngineBook, { events, fleetEvents, held }: AnomalyStep): void {
  for (const { entity, detector, isConfirmed } of events)
    increase(book.events, [entity.cluster, entity.kind, detector, isConfirmed ? 'confirmed' : 'single'].join('\n'));
  for (const { kind, group, peers, detector } of fleetEvents)
    increase(book.fleetEvents, [kind, group, detector, peers === undefined ? 'group' : 'peers'].join('\n'));
  book.held += held;
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
