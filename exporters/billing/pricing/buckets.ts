import type { Segment } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';

export interface Bucket {
  /** Prices and tenants are the same in all segments of it, so its first moment tells. */
  readonly firstMs: number;
  /** From its first moment to its last. */
  readonly span: Span;
  /** Of all its segments. */
  readonly lengthMs: number;
}

export function bucketsOf(segments: readonly Segment[]): ReadonlyMap<number, Bucket> {
  const buckets = new Map<number, Bucket>();
  for (const { bucket, span } of segments) {
    const { firstMs = span.startMs, lengthMs = 0 } = buckets.get(bucket) ?? {};
    buckets.set(bucket, {
      firstMs,
      span: { startMs: firstMs, endMs: span.endMs },
      lengthMs: lengthMs + span.endMs - span.startMs,
    });
  }
  return buckets;
}

/** Throws RangeError for a total that belongs to no segment. */
export function bucketIn(buckets: ReadonlyMap<number, Bucket>, bucket: number): Bucket {
  const found = buckets.get(bucket);
  if (found === undefined) throw new RangeError(`bucket ${bucket} of a total is in no segment`);
  return found;
}
