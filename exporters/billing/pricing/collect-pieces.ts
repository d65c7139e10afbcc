import { exactShare } from '../exact.ts';
import type { Segment, UsageTotal } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import { type Attribution, type TenantDirectory, unattributedTenant } from '../subjects/tenant-directory.ts';
import { type Bucket, bucketIn, bucketsOf } from './buckets.ts';
import type { IdlePolicy } from './idle-policy.ts';
import { createIdlePools, createPolicyLookup } from './idle-pools.ts';
import { type Growing, grow, type Piece, thingKey, unownedOf } from './piece.ts';
import type { Problems } from './problems.ts';

export interface PiecesInput {
  readonly totals: Iterable<UsageTotal>;
  readonly segments: readonly Segment[];
  readonly directory: Pick<TenantDirectory, 'attribute'>;
  readonly idle: readonly IdlePolicy[];
  readonly meters: readonly Meter[];
  readonly problems: Problems;
}

/** Adds up what is whose. What nobody can be billed for, of the system or unavailable, is left out. */
export function collectPieces({ totals, segments, directory, idle, meters, problems }: PiecesInput): readonly Piece[] {
  const pieces = new Map<string, Growing<Piece>>();
  const pools = createIdlePools();
  const buckets = bucketsOf(segments);
  const gpuMeters = new Set(meters.filter(({ kind }) => kind === 'gpu').map(({ name }) => name));
  const policyOf = createPolicyLookup(idle);

  function addUsed(total: UsageTotal, bucket: Bucket, policy: IdlePolicy | undefined): void {
    const owners = directory.attribute(total, bucket.firstMs);
    const doubts = doubtsAbout(total, bucket, gpuMeters.has(total.meter));
    for (const owner of owners) {
      for (const doubt of [...doubts, ...contestOf(owner)]) problems.add(owner.tenant, doubt, bucket.firstMs);
      addPiece(pieces, total, 'usage', owner, owner.share.num === owner.share.den ? '' : owner.by);
    }
    if (policy !== undefined) pools.addUsed(policy, total, owners);
  }

  function addIdle(total: UsageTotal, { firstMs }: Bucket, policy: IdlePolicy): void {
    if (policy.policy === 'even' || policy.policy === 'weighted') pools.addIdle(policy, total);
    if (policy.policy !== 'owner') return;
    const owners = directory.attribute(total, firstMs).map((each) => ownerBy(policy, each));
    for (const owner of owners) addPiece(pieces, total, 'idle', owner, policy.id);
  }

  for (const total of totals) {
    const bucket = bucketIn(buckets, total.bucket);
    const policy = gpuMeters.has(total.meter) ? policyOf(total, bucket.firstMs) : undefined;
    if (total.state === 'used') addUsed(total, bucket, policy);
    if (total.state === 'idle' && policy !== undefined) addIdle(total, bucket, policy);
  }
  return [...pieces.values(), ...pools.pieces()];
}

function ownerBy({ owner }: IdlePolicy, found: Attribution): Attribution {
  return owner !== undefined && found.tenant === unattributedTenant ? { ...found, ...owner } : found;
}

function addPiece(
  pieces: Map<string, Growing<Piece>>,
  total: UsageTotal,
  kind: Piece['kind'],
  { tenant, costCentre, share }: Attribution,
  origin: string,
): void {
  const key = `${kind}\0${tenant}\0${costCentre}\0${origin}\0${share.num}/${share.den}\0${thingKey(total)}`;
  const found = pieces.get(key);
  if (found === undefined)
    pieces.set(key, { ...unownedOf(total, kind, origin), tenant, costCentre, part: exactShare(share) });
  else grow(found, total);
}

function contestOf({ by, contestedBy }: Attribution): readonly string[] {
  if (contestedBy === undefined) return [];
  return [`${by} and ${contestedBy} both own usage that is billed here; give one of them a priority`];
}

function doubtsAbout(total: UsageTotal, { lengthMs }: Bucket, isGpu: boolean): readonly string[] {
  const { meter, resource, sku, cluster, quantity, share } = total;
  const isTooMuch = isGpu && quantity * BigInt(share.num) > BigInt(lengthMs) * BigInt(share.den);
  if (quantity >= 0n && !isTooMuch) return [];
  const thing = `${meter} of ${resource === '' ? sku : resource} in cluster ${cluster} is ${quantity}`;
  return [
    `${thing}${isTooMuch ? ` ms × ${share.num}/${share.den} in ${lengthMs} ms` : ', below 0'}; look at the ledger`,
  ];
}
