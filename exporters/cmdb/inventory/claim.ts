import { createHash } from 'node:crypto';
import type { Attributes, Identity } from '../model/item.ts';
import type { RelationType } from '../model/relation-type.ts';
import type { LifecycleState } from '../model/state.ts';

/** Source of what people enter. It is not looked at, so it never goes missing. */
export const manualSource = 'manual';

/** What one source says of one item. The item is what all its claims together make of it. */
export interface Claim extends ClaimContent {
  readonly itemId: number;
  readonly source: string;
  /** Unix seconds. */
  readonly firstSeen: number;
  readonly seenAt: number;
  /** When the source stopped seeing it; undefined while it does. */
  readonly missingSince: number | undefined;
}

export interface ClaimContent {
  readonly name: string | undefined;
  readonly state: LifecycleState | undefined;
  readonly attributes: Attributes;
  readonly identities: readonly Identity[];
  readonly relations: readonly ClaimedRelation[];
  readonly scope: string;
}

export interface ClaimedRelation {
  readonly type: RelationType;
  readonly to: number;
}

/** The same for the same content in any order, so that a look that saw nothing new writes nothing. */
export function fingerprintOf(content: ClaimContent): string {
  const canonical = JSON.stringify([
    content.name ?? null,
    content.state ?? null,
    Object.entries(content.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    content.identities.map(({ kind, value }) => `${kind} ${value}`).sort(),
    content.relations.map(({ type, to }) => `${type} ${to}`).sort(),
    content.scope,
  ]);
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 22);
}
