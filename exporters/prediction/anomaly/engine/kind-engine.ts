import type { EntityKind } from '../../entity.ts';
import { createPeers } from '../peers.ts';
import { isReading } from '../reading.ts';
import type { AnomalySettings } from '../settings.ts';
import type { Signal } from '../signals.ts';
import { anomalyDetectors } from './events.ts';
import { createPrograms, type EntityState, type KindPrograms } from './kind-state.ts';
import { createReports, type Reported, type Reports } from './reports.ts';
import { createRoster, type Member, type Roster } from './roster.ts';
import { clearRow, enlarged, newTables, type ScoreTables } from './score-tables.ts';

/** What one instant query said: `values[i]` is of `members[i]`. Give the same object for the same entity: it is found fastest. */
export interface Readings {
  readonly signal: string;
  readonly members: readonly Member[];
  readonly values: ArrayLike<number>;
}

/** Watches all entities of one kind. */
export interface KindEngine {
  readonly kind: EntityKind;
  readonly signals: readonly Signal[];
  readonly programs: KindPrograms;
  readonly roster: Roster;
  readonly reports: Reports;
  readonly states: readonly (EntityState | undefined)[];
  readonly tables: () => ScoreTables;
  /** Entities that were left out in the last step, for there are too many. */
  readonly dropped: () => number;
  readonly step: (at: StepTime, readings: readonly Readings[]) => Reported;
  /** Puts back an entity that was saved. */
  readonly restore: (member: Member, seen: number, saved: Uint8Array) => void;
}

export interface StepTime {
  readonly atMs: number;
  readonly slot: number;
  /** Slots before it that nobody looked at. */
  readonly missed: number;
}

export function createKindEngine(kind: EntityKind, all: readonly Signal[], settings: AnomalySettings): KindEngine {
  const signals = all.filter((signal) => signal.kind === kind);
  const count = signals.length;
  const programs = createPrograms(signals, settings);
  const peers = createPeers({ floors: signals.map(({ floor }) => floor), minPeers: settings.minPeers });
  const reports = createReports({ kind, signals, settings });
  const states: (EntityState | undefined)[] = [];
  const missing = new Float64Array(count).fill(Number.NaN);
  const ignored = new Float64Array(count);
  const roster = createRoster({ maxEntities: settings.maxEntities, onNew: prepare });
  let tables = newTables(16, count);
  let dropped = 0;

  function prepare(index: number): void {
    states[index] = programs.newState();
    if (index >= tables.joint.length) tables = enlarged(tables, index * 2, count);
    clearRow(tables, index, count);
  }

  function forget(index: number): void {
    states[index] = undefined;
    clearRow(tables, index, count);
  }

  function take({ signal, members, values }: Readings, slot: number): void {
    const column = signals.findIndex(({ name }) => name === signal);
    if (column < 0) return;
    let left = 0;
    members.forEach((member, at) => {
      const value = values[at] as number;
      if (!isReading(value)) return;
      const index = roster.admit(member, slot);
      if (index < 0) left += 1;
      else tables.values[index * count + column] = value;
    });
    dropped = Math.max(dropped, left);
  }

  function skip(state: EntityState, slots: number): void {
    for (let slot = 0; slot < slots; slot++) {
      programs.tail.step(state.tail, missing, 0, ignored);
      for (let signal = 0; signal < count; signal++) programs.drift.step(state.drift, signal, Number.NaN);
      for (const detector of anomalyDetectors)
        programs.refractory.step(state.refractory[detector], Number.NaN, Number.NaN);
    }
    if (slots > 0) state.before.fill(0);
  }

  function score(state: EntityState, index: number): void {
    const from = index * count;
    tables.joint[index] = programs.tail.step(state.tail, tables.values, from, tables.tail);
    for (let signal = 0; signal < count; signal++)
      tables.drift[from + signal] = programs.drift.step(state.drift, signal, tables.residuals[from + signal] as number);
  }

  function recall(state: EntityState | undefined, index: number): void {
    if (state === undefined) return;
    for (let signal = 0; signal < count; signal++)
      tables.usual[index * count + signal] = programs.drift.usual(state.drift, signal);
  }

  function remember(state: EntityState, index: number): void {
    for (let signal = 0; signal < count; signal++)
      state.before[anomalyDetectors.length + signal] = tables.peers[index * count + signal] || 0;
  }

  return {
    kind,
    signals,
    programs,
    roster,
    reports,
    states,
    tables: () => tables,
    dropped: () => dropped,
    step: ({ atMs, slot, missed }, readings) => {
      dropped = 0;
      tables.values.fill(Number.NaN);
      const old = states.slice();
      for (const each of readings) take(each, slot);
      for (const index of roster.removeUnseenSince(slot - programs.window)) forget(index);
      states.forEach(recall);
      const { values, residuals, usual, peers: scores } = tables;
      peers(roster.peers(), { values, residuals, usual, scores });
      states.forEach((state, index) => {
        if (state === undefined) return;
        // Whoever comes in this step has no slots to catch up on.
        if (state === old[index]) skip(state, missed);
        score(state, index);
      });
      const reported = reports.step(atMs, { roster, tables, states, programs });
      states.forEach((state, index) => {
        if (state !== undefined) remember(state, index);
      });
      return reported;
    },
    restore: (member, seen, saved) => {
      const index = roster.admit(member, seen);
      const state = states[index];
      if (state !== undefined) programs.load(state, saved);
    },
  };
}
