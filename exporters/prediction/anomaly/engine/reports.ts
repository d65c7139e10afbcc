import type { EntityKind } from '../../entity.ts';
import { type Budget, budgetCells, createBudget } from '../budget.ts';
import { type CellStore, newCells } from '../cells.ts';
import type { AnomalySettings } from '../settings.ts';
import type { Signal } from '../signals.ts';
import { deviatingSignals, scorersOf } from './deviation.ts';
import {
  type AnomalyDetector,
  type AnomalyEvent,
  anomalyDetectors,
  type FleetEvent,
  leastScore,
  strongShare,
} from './events.ts';
import { type GroupState, heldMembers, keyOfActive, type Level, levelsOf } from './fleet-guard.ts';
import type { EntityState, KindPrograms } from './kind-state.ts';
import type { Roster } from './roster.ts';
import type { ScoreTables } from './score-tables.ts';

export interface Reported {
  readonly events: AnomalyEvent[];
  readonly fleetEvents: FleetEvent[];
  /** Reports of single members that a fleet event held back. */
  held: number;
}

/** Makes reports of the scores of one kind: thresholds by the budget, one report for one incident, one event for a whole group. */
export interface Reports {
  readonly step: (atMs: number, scene: Scene) => Reported;
  readonly threshold: (detector: AnomalyDetector) => number;
  readonly spent: (detector: AnomalyDetector) => number;
  /** To be saved. */
  readonly stores: readonly CellStore[];
  /** The fleet events that go on, by `keyOfActive`. */
  readonly active: Set<string>;
}

interface Scene {
  readonly roster: Roster;
  readonly tables: ScoreTables;
  readonly states: readonly (EntityState | undefined)[];
  readonly programs: KindPrograms;
}

interface Options {
  readonly kind: EntityKind;
  readonly signals: readonly Signal[];
  readonly settings: AnomalySettings;
}

const dayMs = 86_400_000;

export function createReports({ kind, signals, settings }: Options): Reports {
  const count = signals.length;
  const scorers = scorersOf(count);
  const active = new Set<string>();
  const stores = anomalyDetectors.map(() => newCells(budgetCells));
  // Each detector has its part of the budget, so a noisy one does not silence the others.
  const perEntityDay = settings.budgetPerEntityDay / anomalyDetectors.length;
  const budgets = new Map<AnomalyDetector, Budget>(
    anomalyDetectors.map((detector, at) => [
      detector,
      createBudget({ perEntityDay, least: leastScore[detector] }, (stores[at] as CellStore).cells),
    ]),
  );
  const budgetOf = (detector: AnomalyDetector): Budget => budgets.get(detector) as Budget;
  let flags = { deviates: new Uint8Array(0), isKnown: new Uint8Array(0) };
  let scores = new Float64Array(0);

  function lookAtAll(detector: AnomalyDetector, { roster, tables, states }: Scene): number {
    const size = roster.members().length;
    if (scores.length < size) {
      scores = new Float64Array(size * 2);
      flags = { deviates: new Uint8Array(size * 2), isKnown: new Uint8Array(size * 2) };
    }
    let known = 0;
    for (let index = 0; index < size; index++) {
      const state = states[index];
      scores[index] = state === undefined ? Number.NaN : scorers[detector](tables, state.before, index);
      flags.isKnown[index] = Number.isNaN(scores[index]) ? 0 : 1;
      known += flags.isKnown[index] as number;
    }
    return known;
  }

  function markDeviating(detector: AnomalyDetector, threshold: number, { states }: Scene): void {
    const at = anomalyDetectors.indexOf(detector);
    states.forEach((state, index) => {
      if (state === undefined) return;
      const now = (scores[index] as number) >= threshold ? 1 : 0;
      flags.deviates[index] = now === 1 || state.before[at] === 1 ? 1 : 0;
      state.before[at] = now;
    });
  }

  function eventOf(
    atMs: number,
    detector: AnomalyDetector,
    index: number,
    threshold: number,
    scene: Scene,
  ): AnomalyEvent {
    const { roster, tables } = scene;
    const member = roster.members()[index];
    if (member === undefined) throw new Error(`no entity has the number ${index}`);
    const deviating = deviatingSignals(tables, detector, { index, signals: count, threshold });
    const score = scores[index] as number;
    const peer = tables.peers.subarray(index * count, (index + 1) * count).some((each) => each >= leastScore.peers);
    return {
      atMs,
      entity: member.entity,
      detector,
      signals: deviating.map((signal) => (signals[signal] as Signal).name),
      score,
      threshold,
      isStrong: score >= strongShare * threshold,
      isConfirmed: deviating.length > 1 || detector === 'peers' || peer,
    };
  }

  function reportMembers(atMs: number, detector: AnomalyDetector, reported: Reported, work: Work): void {
    const { scene, levels, threshold } = work;
    const held = heldMembers(levels, scores.length);
    scene.states.forEach((state, index) => {
      if (state === undefined || !isNews(detector, index, scene)) return;
      const score = scores[index] as number;
      if (held[index] === 1) reported.held += 1;
      else budgetOf(detector).count(score);
      if (held[index] === 0 && score >= threshold)
        reported.events.push(eventOf(atMs, detector, index, threshold, scene));
    });
  }

  function isNews(detector: AnomalyDetector, index: number, { states, programs }: Scene): boolean {
    const { refractory } = states[index] as EntityState;
    return programs.refractory.step(refractory[detector], scores[index] as number, leastScore[detector]);
  }

  function reportGroups(atMs: number, detector: AnomalyDetector, reported: Reported, work: Work): void {
    for (const level of work.levels) {
      for (const at of level.states.keys()) {
        const event = fleetEventOf(detector, level, at, work);
        if (event !== undefined) reported.fleetEvents.push({ atMs, ...event });
      }
    }
  }

  /** Undefined for a group that does not deviate, did so before, or is part of one that does. */
  function fleetEventOf(
    detector: AnomalyDetector,
    { isPeers, groups, states }: Level,
    at: number,
    { scene, threshold }: Work,
  ): Omit<FleetEvent, 'atMs'> | undefined {
    const name = groups.names[at] as string;
    const { isFleet, deviating, members: known } = states[at] as GroupState;
    const key = keyOfActive(detector, name, isPeers);
    const isNew = isFleet && !active.has(key);
    if (isFleet) active.add(key);
    else active.delete(key);
    if (!isNew) return undefined;
    const members = groups.members.subarray(groups.starts[at], groups.starts[at + 1]);
    const group = scene.roster.members()[members[0] as number]?.group ?? name;
    if (isPeers && active.has(keyOfActive(detector, group, false))) return undefined;
    const signal = commonSignal(members, detector, threshold, scene);
    return { kind, group, peers: isPeers ? name : undefined, detector, deviating, members: known, signal };
  }

  /** The signal that is the most unusual one for most of those that deviate. */
  function commonSignal(members: Uint32Array, detector: AnomalyDetector, threshold: number, { tables }: Scene): string {
    const votes = new Float64Array(count);
    for (const index of members) {
      if (flags.deviates[index] !== 1) continue;
      const [first = 0] = deviatingSignals(tables, detector, { index, signals: count, threshold });
      votes[first] = (votes[first] as number) + 1;
    }
    return (signals[votes.indexOf(Math.max(...votes))] as Signal).name;
  }

  return {
    stores,
    active,
    threshold: (detector) => budgetOf(detector).threshold(),
    spent: (detector) => budgetOf(detector).spent(),
    step: (atMs, scene) => {
      const reported: Reported = { events: [], fleetEvents: [], held: 0 };
      for (const detector of anomalyDetectors) {
        const known = lookAtAll(detector, scene);
        budgetOf(detector).pass(atMs, (known * settings.stepMs) / dayMs);
        const threshold = budgetOf(detector).threshold();
        markDeviating(detector, threshold, scene);
        const work = { scene, levels: levelsOf(scene.roster, flags, settings), threshold };
        reportMembers(atMs, detector, reported, work);
        reportGroups(atMs, detector, reported, work);
      }
      return reported;
    },
  };
}

interface Work {
  readonly scene: Scene;
  readonly levels: readonly Level[];
  readonly threshold: number;
}
