import { exact, exactShare, over, plus, times } from '../exact.ts';
import { groupBy } from '../group-by.ts';
import type { UsageTotal } from '../ledger/ledger.ts';
import { type Attribution, unattributedTenant } from '../subjects/tenant-directory.ts';
import type { ExactQuantity } from '../usage.ts';
import type { IdlePolicy } from './idle-policy.ts';
import { type Growing, grow, type Piece, thingKey, type Unowned, unownedOf } from './piece.ts';
import { holdsAt } from './read-values.ts';

/** Idle time of each policy and cluster, and who used GPUs there. */
export interface IdlePools {
  readonly addIdle: (policy: IdlePolicy, total: UsageTotal) => void;
  readonly addUsed: (policy: IdlePolicy, total: UsageTotal, owners: readonly Attribution[]) => void;
  /** All idle time, divided among those who used some of the pool; nobody's where nobody did. */
  readonly pieces: () => readonly Piece[];
}

interface Pool {
  readonly policy: IdlePolicy;
  readonly idle: Map<string, Growing<Unowned>>;
  /** By tenant and cost centre. */
  readonly members: Map<string, Member>;
}

interface Member {
  readonly tenant: string;
  readonly costCentre: string;
  /** What it had of the pool, in base units times share. */
  weight: ExactQuantity;
}

export function createIdlePools(): IdlePools {
  const pools = new Map<string, Pool>();
  const poolOf = (policy: IdlePolicy, { cluster }: UsageTotal): Pool => {
    const key = `${policy.id}\0${cluster}`;
    const found = pools.get(key) ?? { policy, idle: new Map(), members: new Map() };
    pools.set(key, found);
    return found;
  };
  return {
    addIdle: (policy, total) => {
      const { idle } = poolOf(policy, total);
      const key = thingKey(total);
      const found = idle.get(key);
      if (found === undefined) idle.set(key, unownedOf(total, 'idle', policy.id));
      else grow(found, total);
    },
    addUsed: (policy, total, owners) => {
      if (policy.policy !== 'even' && policy.policy !== 'weighted') return;
      const { members } = poolOf(policy, total);
      for (const owner of owners) addWeight(members, total, owner);
    },
    pieces: () => [...pools.values()].flatMap(piecesOf),
  };
}

/** The first policy of the file that is for a usage at a time. */
export function createPolicyLookup(policies: readonly IdlePolicy[]) {
  const remembered = new Map<string, readonly IdlePolicy[]>();
  return ({ meter, cluster, sku }: Pick<UsageTotal, 'meter' | 'cluster' | 'sku'>, atMs: number) => {
    if (policies.length === 0) return undefined;
    const key = `${meter}\0${cluster}\0${sku}`;
    const fitting =
      remembered.get(key) ??
      policies.filter((each) => each.meter === meter && each.cluster.matches(cluster) && each.sku.matches(sku));
    remembered.set(key, fitting);
    return fitting.find(({ validity }) => holdsAt(validity, atMs));
  };
}

function addWeight(members: Map<string, Member>, { quantity, share }: UsageTotal, owner: Attribution): void {
  const { tenant, costCentre } = owner;
  const key = `${tenant}\0${costCentre}`;
  const weight = times(exact(quantity * BigInt(share.num), BigInt(share.den)), exactShare(owner.share));
  const found = members.get(key);
  if (found === undefined) members.set(key, { tenant, costCentre, weight });
  else found.weight = plus(found.weight, weight);
}

type Part = Pick<Piece, 'tenant' | 'costCentre' | 'part'>;

function piecesOf({ policy, idle, members }: Pool): readonly Piece[] {
  const users = [...members.values()].filter(({ weight }) => weight.num > 0n);
  const parts = policy.policy === 'even' ? evenParts(users) : weightedParts(users);
  return [...idle.values()].flatMap((each) => parts.map((part) => ({ ...each, ...part })));
}

/** Equal for tenants; among the cost centres of one by what they used. */
function evenParts(users: readonly Member[]): readonly Part[] {
  const byTenant = groupBy(users, ({ tenant }) => tenant);
  if (byTenant.size === 0) return weightedParts([]);
  const each = exact(1n, BigInt(byTenant.size));
  return [...byTenant.values()].flatMap((own) =>
    weightedParts(own).map((part) => ({ ...part, part: times(part.part, each) })),
  );
}

function weightedParts(users: readonly Member[]): readonly Part[] {
  if (users.length === 0) return [{ tenant: unattributedTenant, costCentre: unattributedTenant, part: exact(1n) }];
  const total = users.map(({ weight }) => weight).reduce(plus);
  return users.map(({ tenant, costCentre, weight }) => ({ tenant, costCentre, part: over(weight, total) }));
}
