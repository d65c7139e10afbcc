import type { Groups } from '../peers.ts';

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
export function groupStates(
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
