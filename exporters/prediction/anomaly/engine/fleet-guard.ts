import type { Groups } from '../peers.ts';
import type { AnomalyDetector } from './events.ts';
import type { NamedGroups, Roster } from './roster.ts';

export interface GroupState {
  readonly members: number;
  readonly deviating: number;
  /** So many deviate at once that nothing of a single member is reported. */
  readonly isFleet: boolean;
}

interface GuardSettings {
  readonly fleetShare: number;
  readonly minPeers: number;
}

/** By number of the entity: whether it deviates in this step or the one before, and whether it has a score. */
export interface Deviations {
  readonly deviates: Uint8Array;
  readonly isKnown: Uint8Array;
}

/** Which groups deviate as a whole. */
function groupStates(
  { members, starts }: Groups,
  { deviates, isKnown }: Deviations,
  { fleetShare, minPeers }: GuardSettings,
): readonly GroupState[] {
  const states: GroupState[] = [];
  for (let group = 0; group + 1 < starts.length; group++) {
    let known = 0;
    let deviating = 0;
    for (const member of members.subarray(starts[group], starts[group + 1])) {
      if (isKnown[member] !== 1) continue;
      known += 1;
      deviating += deviates[member] as number;
    }
    states.push({ members: known, deviating, isFleet: known >= minPeers && deviating >= fleetShare * known });
  }
  return states;
}

/** Groups, or the peers within them, and how they do. */
export interface Level {
  readonly isPeers: boolean;
  readonly groups: NamedGroups;
  readonly states: readonly GroupState[];
}

/** The groups, then the peers if they are others. */
export function levelsOf(roster: Roster, deviations: Deviations, settings: GuardSettings): readonly Level[] {
  const [groups, peers] = [roster.groups(), roster.peers()];
  const whole = { isPeers: false, groups, states: groupStates(groups, deviations, settings) };
  if (peers === groups) return [whole];
  return [whole, { isPeers: true, groups: peers, states: groupStates(peers, deviations, settings) }];
}

/** 1 for each member of a group, or of peers, that deviates as a whole. */
export function heldMembers(levels: readonly Level[], size: number): Uint8Array {
  const held = new Uint8Array(size);
  for (const { groups, states } of levels) {
    for (const [at, { isFleet }] of states.entries()) {
      if (!isFleet) continue;
      for (const member of groups.members.subarray(groups.starts[at], groups.starts[at + 1])) held[member] = 1;
    }
  }
  return held;
}

export function keyOfActive(detector: AnomalyDetector, name: string, isPeers: boolean): string {
  return [detector, isPeers ? 'peers' : 'group', name].join('\n');
}
