import type { UsageTotal } from '../ledger/ledger.ts';
import type { ExactQuantity, Share } from '../usage.ts';

/** What one tenant has of one thing in one bucket. */
export interface Piece {
  readonly kind: 'usage' | 'idle';
  readonly tenant: string;
  readonly costCentre: string;
  /** Empty, or what divided it among tenants: splits[0], idle[1]. */
  readonly origin: string;
  /** The tenant's part of it; 1 without an origin. */
  readonly part: ExactQuantity;
  readonly meter: string;
  readonly sku: string;
  readonly cluster: string;
  readonly share: Share;
  readonly bucket: number;
  /** In base units, before part and share. */
  readonly amount: bigint;
  /** True if a window of the ledger lay across a border and was divided by time. */
  readonly isDivided: boolean;
}

/** While totals are added up. */
export type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** A piece before it is known whose it is. */
export type Unowned = Omit<Piece, 'tenant' | 'costCentre' | 'part'>;

export function unownedOf(total: UsageTotal, kind: Piece['kind'], origin: string): Growing<Unowned> {
  const { meter, sku, cluster, share, bucket, quantity, isDivided } = total;
  return { kind, origin, meter, sku, cluster, share, bucket, amount: quantity, isDivided };
}

export function grow(piece: Growing<Unowned>, { quantity, isDivided }: UsageTotal): void {
  piece.amount += quantity;
  piece.isDivided ||= isDivided;
}

/** The same for totals that are rated alike, whoever's they are. */
export function thingKey({ meter, sku, cluster, share, bucket }: UsageTotal): string {
  return `${meter}\0${sku}\0${cluster}\0${share.num}/${share.den}\0${bucket}`;
}
