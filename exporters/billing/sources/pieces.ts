import type { Accrual } from '../metering/accrual.ts';
import type { Span } from '../span.ts';
import type { Facts } from './facts.ts';

type Values = Readonly<Record<string, string>>;

/** One ms for each ms of the spans. */
export function accrualOfSpans(spans: readonly Span[]): Accrual {
  return {
    fromMs: Float64Array.from(spans, ({ startMs }) => startMs),
    toMs: Float64Array.from(spans, ({ endMs }) => endMs),
    amounts: Float64Array.from(spans, ({ startMs, endMs }) => endMs - startMs),
  };
}

/** The part of an accrual from one time up to another. Parts that follow each other add up to the whole. */
export function cutAccrual({ fromMs, toMs, amounts }: Accrual, startMs: number, endMs: number): Accrual {
  const from: number[] = [];
  const to: number[] = [];
  const parts: number[] = [];
  for (let index = 0; index < amounts.length; index += 1) {
    const begin = fromMs[index] ?? 0;
    const end = toMs[index] ?? 0;
    const amount = amounts[index] ?? 0;
    if (end <= startMs || begin >= endMs) continue;
    from.push(Math.max(begin, startMs));
    to.push(Math.min(end, endMs));
    parts.push(upTo(amount, begin, end, endMs) - upTo(amount, begin, end, startMs));
  }
  return { fromMs: Float64Array.from(from), toMs: Float64Array.from(to), amounts: Float64Array.from(parts) };
}

/** What has grown until `ms` of an amount that grows evenly. */
function upTo(amount: number, begin: number, end: number, ms: number): number {
  if (ms >= end) return amount;
  if (ms <= begin) return 0;
  return Number((BigInt(amount) * BigInt(Math.floor(ms - begin))) / BigInt(Math.ceil(end - begin)));
}

/** An accrual of one holder in the parts in which the facts about it stay the same. */
export function splitByFacts<T extends Values>(
  labels: T,
  facts: readonly Facts[],
): readonly { readonly startMs: number; readonly endMs: number; readonly labels: Values }[] {
  let parts: readonly { readonly startMs: number; readonly endMs: number; readonly labels: Values }[] = [
    { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY, labels },
  ];
  for (const each of facts) {
    parts = parts.flatMap((part) => {
      const stretches = each.of(part.labels);
      if (stretches.length === 0) return [part];
      return stretches.flatMap(({ fromMs, values }, index) => {
        const startMs = Math.max(part.startMs, fromMs);
        const endMs = Math.min(part.endMs, stretches[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY);
        // What a series says itself, or an earlier join, stays.
        return startMs < endMs ? [{ startMs, endMs, labels: { ...values, ...withoutEmpty(part.labels) } }] : [];
      });
    });
  }
  return parts;
}

function withoutEmpty(labels: Values): Values {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
