import { type Entity, keyOfEntity } from '../../entity.ts';
import type { Groups } from '../peers.ts';

/** An entity and where it belongs. */
export interface Member {
  readonly entity: Entity;
  /** Those that a change of the site or of the software befalls together, such as `prod/NVIDIA H100`. */
  readonly group: string;
  /** Those that it is compared with, such as the GPUs of its node, which have one air flow and mostly one job; the group if it is left out. */
  readonly peers?: string;
}

export interface NamedGroups extends Groups {
  readonly names: readonly string[];
}

/** Entities that are watched, each with a number that stays its own until it is gone. Numbers of those that are gone are given anew. */
export interface Roster {
  /** The number; -1 if there are too many. The same object is found fastest. */
  readonly admit: (member: Member, step: number) => number;
  /** Takes out those that were not seen in this step or later. */
  readonly removeUnseenSince: (step: number) => readonly number[];
  readonly members: () => readonly (Member | undefined)[];
  readonly lastSeen: (index: number) => number;
  readonly count: () => number;
  readonly groups: () => NamedGroups;
  /** The same object as the groups if nobody has peers of its own. */
  readonly peers: () => NamedGroups;
}

interface RosterOptions {
  readonly maxEntities: number;
  /** A number was given to an entity that is new. */
  readonly onNew: (index: number) => void;
}

export function createRoster({ maxEntities, onNew }: RosterOptions): Roster {
  const byObject = new WeakMap<Member, number>();
  const indexes = new Map<string, number>();
  const members: (Member | undefined)[] = [];
  const seen: number[] = [];
  const free: number[] = [];
  let groups: NamedGroups | undefined;
  let peers: NamedGroups | undefined;

  function regroup(): void {
    groups = undefined;
    peers = undefined;
  }

  function place(member: Member): number {
    if (indexes.size >= maxEntities) return -1;
    const index = free.pop() ?? members.length;
    indexes.set(keyOfEntity(member.entity), index);
    onNew(index);
    return index;
  }

  function find(member: Member): number {
    const index = indexes.get(keyOfEntity(member.entity)) ?? place(member);
    if (index < 0) return index;
    const before = members[index];
    if (before?.group !== member.group || before.peers !== member.peers) regroup();
    members[index] = member;
    byObject.set(member, index);
    return index;
  }

  return {
    admit: (member, step) => {
      const quick = byObject.get(member);
      const index = quick !== undefined && members[quick] === member ? quick : find(member);
      if (index >= 0) seen[index] = step;
      return index;
    },
    removeUnseenSince: (step) => {
      const gone = members.flatMap((member, index) =>
        member !== undefined && (seen[index] as number) < step ? [index] : [],
      );
      for (const index of gone) {
        const member = members[index];
        if (member !== undefined) indexes.delete(keyOfEntity(member.entity));
        members[index] = undefined;
        free.push(index);
      }
      if (gone.length > 0) regroup();
      return gone;
    },
    members: () => members,
    lastSeen: (index) => seen[index] ?? Number.NEGATIVE_INFINITY,
    count: () => indexes.size,
    groups: () => {
      groups ??= grouped(members, ({ group }) => group);
      return groups;
    },
    peers: () => {
      const hasPeers = members.some((member) => member?.peers !== undefined);
      peers ??= hasPeers ? grouped(members, ({ group, peers: own }) => own ?? group) : undefined;
      groups ??= grouped(members, ({ group }) => group);
      return peers ?? groups;
    },
  };
}

function grouped(members: readonly (Member | undefined)[], nameOf: (member: Member) => string): NamedGroups {
  const byGroup = new Map<string, number[]>();
  members.forEach((member, index) => {
    if (member === undefined) return;
    const name = nameOf(member);
    const own = byGroup.get(name);
    if (own === undefined) byGroup.set(name, [index]);
    else own.push(index);
  });
  const sorted = [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1));
  const starts = [0];
  for (const [, own] of sorted) starts.push((starts.at(-1) ?? 0) + own.length);
  return {
    names: sorted.map(([name]) => name),
    members: Uint32Array.from(sorted.flatMap(([, own]) => own)),
    starts: Uint32Array.from(starts),
  };
}
