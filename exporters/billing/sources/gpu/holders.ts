import type { Accrual, Holding } from '../../metering/accrual.ts';
import type { Holder } from '../../usage.ts';
import type { Facts } from '../facts.ts';
import { cutAccrual, splitByFacts } from '../pieces.ts';

interface Held {
  readonly gpuInstanceId: string;
  readonly profile: string;
  /** Labels that tell who it is, empty ones too. */
  readonly labels: Readonly<Record<string, string>>;
  readonly held: Accrual;
  readonly divided: Accrual | undefined;
}

/** The same with what joins know of the holder; in parts where that changes. */
export function withFacts(
  { gpuInstanceId, profile, labels, held, divided }: Held,
  facts: readonly Facts[],
): readonly Holding[] {
  const parts = splitByFacts(labels, facts);
  const isWhole = parts.length === 1;
  return parts.flatMap((part) => {
    const own = isWhole ? held : cutAccrual(held, part.startMs, part.endMs);
    if (own.amounts.length === 0) return [];
    const share = divided === undefined || isWhole ? divided : cutAccrual(divided, part.startMs, part.endMs);
    return [{ gpuInstanceId, profile, holder: holderOf(part.labels), held: own, divided: share }];
  });
}

/** Sorted, without empty values. */
export function holderOf(labels: Readonly<Record<string, string>>): Holder {
  const entries = Object.entries(labels).filter(([, value]) => value !== '');
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
