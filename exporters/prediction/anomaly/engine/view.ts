import type { Entity, EntityKind } from '../../entity.ts';
import type { Band } from '../detector.ts';
import type { AnomalySettings } from '../settings.ts';
import type { EngineBook } from './engine.ts';
import { type AnomalyDetector, anomalyDetectors } from './events.ts';
import type { KindEngine } from './kind-engine.ts';

/** What can be shown of the engine. Valid until the next step. */
export interface AnomalyView {
  /** Of the last step; undefined before the first. */
  readonly atMs: number | undefined;
  readonly kinds: readonly KindView[];
  readonly fleetEvents: readonly CountedFleetEvents[];
  readonly events: readonly CountedEvents[];
  /** Reports of single entities that fleet events held back. */
  readonly held: number;
  /** State of all entities, and the tables of their scores. */
  readonly bytes: number;
}

export interface KindView {
  readonly kind: EntityKind;
  readonly signals: readonly string[];
  readonly entities: readonly EntityView[];
  readonly dropped: number;
  readonly thresholds: readonly ThresholdView[];
  /** Groups with a fleet event that goes on. */
  readonly active: readonly { readonly detector: AnomalyDetector; readonly group: string }[];
  readonly groups: readonly string[];
}

export interface ThresholdView {
  readonly detector: AnomalyDetector;
  readonly threshold: number;
  /** Reports for each entity and day of the last 14 days at this threshold; undefined before there is any. */
  readonly spent: number | undefined;
}

export interface EntityView {
  readonly entity: Entity;
  readonly group: string;
  /** By number of the signal; undefined where not known. */
  readonly score: (detector: AnomalyDetector, signal: number) => number | undefined;
  readonly value: (signal: number) => number | undefined;
  /** Tail ratio of all signals together. */
  readonly joint: () => number | undefined;
  /** Mean ± 2 deviations of the last three days, for what comes next. */
  readonly band: (signal: number) => Band | undefined;
}

export interface CountedEvents {
  readonly cluster: string;
  readonly kind: string;
  readonly detector: string;
  /** confirmed or single. */
  readonly weight: string;
  readonly count: number;
}

export interface CountedFleetEvents {
  readonly kind: string;
  readonly group: string;
  readonly detector: string;
  /** group for the whole of it, peers for some within it. */
  readonly scope: string;
  readonly count: number;
}

const bandDeviations = 2;

interface Engine {
  readonly kinds: readonly KindEngine[];
  readonly book: EngineBook;
  readonly settings: AnomalySettings;
}

export function viewOf({ kinds, book, settings }: Engine): AnomalyView {
  return {
    atMs: book.lastSlot === undefined ? undefined : book.lastSlot * settings.stepMs,
    kinds: kinds.map(kindView),
    events: [...book.events].map(([key, count]) => {
      const [cluster = '', kind = '', detector = '', weight = ''] = key.split('\n');
      return { cluster, kind, detector, weight, count };
    }),
    fleetEvents: [...book.fleetEvents].map(([key, count]) => {
      const [kind = '', group = '', detector = '', scope = ''] = key.split('\n');
      return { kind, group, detector, scope, count };
    }),
    held: book.held,
    bytes: kinds.reduce((sum, kind) => sum + bytesOf(kind), 0),
  };
}

function bytesOf({ roster, programs, tables }: KindEngine): number {
  const shown = Object.values(tables()).reduce((sum, table: Float64Array) => sum + table.byteLength, 0);
  return roster.count() * programs.bytesPerEntity + shown;
}

function kindView(kind: KindEngine): KindView {
  return {
    kind: kind.kind,
    signals: kind.signals.map(({ name }) => name),
    entities: kind.roster
      .members()
      .flatMap((member, index) => (member === undefined ? [] : [entityView(kind, member.entity, member.group, index)])),
    dropped: kind.dropped(),
    thresholds: anomalyDetectors.map((detector) => ({
      detector,
      threshold: kind.reports.threshold(detector),
      spent: known(kind.reports.spent(detector)),
    })),
    active: [...kind.reports.active].flatMap((key) => {
      const [detector = '', scope = '', group = ''] = key.split('\n');
      return scope === 'group' ? [{ detector: detector as AnomalyDetector, group }] : [];
    }),
    groups: kind.roster.groups().names,
  };
}

function entityView(kind: KindEngine, entity: Entity, group: string, index: number): EntityView {
  const tables = kind.tables();
  const at = (signal: number): number => index * kind.signals.length + signal;
  return {
    entity,
    group,
    score: (detector, signal) => known(tables[detector][at(signal)] as number),
    value: (signal) => known(tables.values[at(signal)] as number),
    joint: () => known(tables.joint[index] as number),
    band: (signal) => bandOf(kind, index, signal),
  };
}

const spread = new Float64Array(2);

function bandOf({ programs, states }: KindEngine, index: number, signal: number): Band | undefined {
  const state = states[index];
  if (state === undefined) return undefined;
  programs.tail.band(state.tail, signal, spread);
  const [middle = Number.NaN, deviation = 0] = spread;
  if (Number.isNaN(middle)) return undefined;
  return { low: middle - bandDeviations * deviation, middle, high: middle + bandDeviations * deviation };
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
