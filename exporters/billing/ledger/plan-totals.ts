import type { Span } from '../span.ts';
import type { Segment } from './ledger.ts';

const dayMs = 86_400_000;

/** A day that lies wholly within one segment. */
export interface WholeDay {
  readonly startMs: number;
  readonly bucket: number;
}

/** A window that was recorded, and the positions of its rows. */
export interface RecordedRange {
  readonly span: Span;
  readonly first: bigint;
  readonly last: bigint;
}

/** The part of a window from `fromMs` to `toMs` after its start, of `lengthMs`; the whole one if nothing is cut off. */
export interface RangePart extends RecordedRange {
  readonly bucket: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lengthMs: number;
}

/** Segments in the order of time, those of one bucket that meet as one, and empty ones left out. Throws if they overlap. */
export function joinedSegments(segments: readonly Segment[]): readonly Segment[] {
  const joined: Segment[] = [];
  const ordered = segments
    .filter(({ span }) => span.endMs > span.startMs)
    .toSorted((a, b) => a.span.startMs - b.span.startMs);
  for (const segment of ordered) {
    const last = joined.at(-1);
    if (last !== undefined && last.span.endMs > segment.span.startMs) {
      throw new Error(`the segments ${spanText(last.span)} and ${spanText(segment.span)} overlap`);
    }
    if (last?.bucket === segment.bucket && last.span.endMs === segment.span.startMs) {
      joined[joined.length - 1] = {
        bucket: last.bucket,
        span: { startMs: last.span.startMs, endMs: segment.span.endMs },
      };
    } else {
      joined.push(segment);
    }
  }
  return joined;
}

export function wholeDays(segments: readonly Segment[]): readonly WholeDay[] {
  return segments.flatMap(({ span, bucket }) => {
    const first = Math.ceil(span.startMs / dayMs);
    const days = Math.max(0, Math.floor(span.endMs / dayMs) - first);
    return Array.from({ length: days }, (_, index) => ({ startMs: (first + index) * dayMs, bucket }));
  });
}

/** How a window is divided among the segments; with only the rows after and up to those positions. */
export function partsOf(
  range: RecordedRange,
  segments: readonly Segment[],
  { after = 0n, until }: { readonly after?: bigint | undefined; readonly until?: bigint | undefined },
): readonly RangePart[] {
  const { span } = range;
  const first = range.first > after ? range.first : after + 1n;
  const last = until === undefined || range.last < until ? range.last : until;
  if (first > last) return [];
  const parts: RangePart[] = [];
  for (let index = firstEndingAfter(segments, span.startMs); index < segments.length; index++) {
    const segment = segments[index];
    if (segment === undefined || segment.span.startMs >= span.endMs) break;
    parts.push({
      span,
      first,
      last,
      bucket: segment.bucket,
      fromMs: Math.max(0, segment.span.startMs - span.startMs),
      toMs: Math.min(span.endMs, segment.span.endMs) - span.startMs,
      lengthMs: span.endMs - span.startMs,
    });
  }
  return parts;
}

function firstEndingAfter(segments: readonly Segment[], ms: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const segment = segments[middle];
    if (segment !== undefined && segment.span.endMs > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

function spanText({ startMs, endMs }: Span): string {
  return `${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()}`;
}
