import { type Decimal, decimal } from '../pricing/decimal.ts';
import type { DecimalText } from '../pricing/rated.ts';

/** cost: what is charged. gpu: GPU seconds. usage: in the unit of the price of each meter. */
export const counterNames = ['cost', 'gpu', 'usage'] as const;
export type CounterName = (typeof counterNames)[number];

export type CounterLabels = Readonly<Record<string, string>>;

/**
 * Something whose values are told anew again and again, and may rise and fall: the bill of a tenant's period, a month of the ledger.
 * It is told whole: what it does not name any more counts as 0. Values of different parts add up.
 */
export interface CounterPart {
  readonly counter: CounterName;
  /** Stays the same, such as `search 2026-11-01`. */
  readonly part: string;
  /** End of the time that it is about, in ms. */
  readonly endMs: number;
  readonly values: readonly { readonly labels: CounterLabels; readonly value: DecimalText }[];
}

/** What all parts have risen and fallen since there are books. Neither ever falls; up - down is the sum of the parts. */
export interface CounterRow {
  readonly counter: CounterName;
  readonly labels: CounterLabels;
  readonly up: DecimalText;
  readonly down: DecimalText;
}

/** The last value of one part for one set of labels. */
export interface PartRow {
  readonly counter: CounterName;
  readonly labels: CounterLabels;
  readonly part: string;
  readonly endMs: number;
  readonly value: DecimalText;
}

export interface CounterState {
  readonly totals: readonly CounterRow[];
  readonly parts: readonly PartRow[];
}

/** Whom series beyond the bound are folded into. */
export const otherTenant = 'other';

/** A part that ended longer ago and was never told is history before the books, such as a back-filled year. */
const newPartMs = 40 * 86_400_000;
/** A part that ended longer ago is forgotten; it must not be told any more. */
export const keptPartMs = 400 * 86_400_000;

export interface CounterBook {
  readonly rows: () => readonly CounterRow[];
  /** What would change, without changing anything: it is entered once it is stored. */
  readonly reckon: (told: readonly CounterPart[], nowMs: number) => Reckoned;
  readonly enter: (changes: CounterState, nowMs: number) => void;
}

export interface Reckoned {
  readonly changes: CounterState;
  /** Sets of labels that were told and are folded into `other`. */
  readonly folded: ReadonlyMap<CounterName, number>;
}

/** A counter has at most `maxSeries` sets of labels, first come first served; the rest is folded into those of the tenant `other`. */
export function createCounterBook(state: CounterState, { maxSeries }: { readonly maxSeries: number }): CounterBook {
  const totals = new Map<string, CounterRow>();
  const counts = new Map<CounterName, number>();
  const parts = new Map<string, Map<string, PartRow>>();

  function enter(changes: CounterState, nowMs: number): void {
    changes.totals.forEach(enterTotal);
    changes.parts.forEach(enterPart);
    for (const [key, rows] of parts) if (isTooOld(rows, nowMs)) parts.delete(key);
  }

  function enterTotal(row: CounterRow): void {
    const key = keyOf(row.counter, row.labels);
    if (!totals.has(key)) counts.set(row.counter, (counts.get(row.counter) ?? 0) + 1);
    totals.set(key, row);
  }

  function enterPart(row: PartRow): void {
    const part = parts.get(partKey(row)) ?? new Map<string, PartRow>();
    part.set(keyOf(row.counter, row.labels), row);
    parts.set(partKey(row), part);
  }

  function reckon(told: readonly CounterPart[], nowMs: number): Reckoned {
    const changes = createChanges({ totals, counts, maxSeries });
    for (const part of told) {
      const before = parts.get(partKey(part));
      if (before === undefined && part.endMs < nowMs - newPartMs) continue;
      changes.tell(part, before ?? new Map());
    }
    return changes.reckoned();
  }

  enter(state, 0);
  return { rows: () => [...totals.values()], reckon, enter };
}

interface Before {
  readonly totals: ReadonlyMap<string, CounterRow>;
  readonly counts: ReadonlyMap<CounterName, number>;
  readonly maxSeries: number;
}

function createChanges({ totals, counts, maxSeries }: Before) {
  const changed = new Map<string, CounterRow>();
  const changedParts: PartRow[] = [];
  const added = new Map<CounterName, number>();
  const folded = new Map<CounterName, Set<string>>(counterNames.map((name) => [name, new Set()]));

  function rowFor(counter: CounterName, labels: CounterLabels): CounterRow {
    const found = find(keyOf(counter, labels));
    if (found !== undefined) return found;
    const isFull = (counts.get(counter) ?? 0) + (added.get(counter) ?? 0) >= maxSeries;
    if (isFull) folded.get(counter)?.add(keyOf(counter, labels));
    const shown = isFull ? { ...labels, tenant: otherTenant } : labels;
    return find(keyOf(counter, shown)) ?? { counter, labels: shown, up: '0', down: '0' };
  }

  function find(key: string): CounterRow | undefined {
    return changed.get(key) ?? totals.get(key);
  }

  function add(counter: CounterName, labels: CounterLabels, change: Decimal): void {
    const row = rowFor(counter, labels);
    const key = keyOf(counter, row.labels);
    const isNew = find(key) === undefined;
    if (isNew && row.labels === labels) added.set(counter, (added.get(counter) ?? 0) + 1);
    if (change.isZero() && !isNew) return;
    const { up, down } = row;
    if (change.isNegative()) changed.set(key, { ...row, down: decimal(down).minus(change).toFixed() });
    else changed.set(key, { ...row, up: decimal(up).plus(change).toFixed() });
  }

  return {
    tell: ({ counter, part, endMs, values }: CounterPart, before: ReadonlyMap<string, PartRow>): void => {
      const gone = new Map(before);
      for (const { labels, value } of values) {
        const key = keyOf(counter, labels);
        const last = decimal(gone.get(key)?.value ?? '0');
        gone.delete(key);
        const change = decimal(value).minus(last);
        add(counter, labels, change);
        if (!change.isZero()) changedParts.push({ counter, labels, part, endMs, value });
      }
      for (const row of gone.values()) {
        if (decimal(row.value).isZero()) continue;
        add(counter, row.labels, decimal(row.value).negated());
        changedParts.push({ ...row, value: '0' });
      }
    },
    reckoned: (): Reckoned => ({
      changes: { totals: [...changed.values()], parts: changedParts },
      folded: new Map([...folded].map(([name, keys]) => [name, keys.size])),
    }),
  };
}

/** Sorted, so that the same labels in another order are the same series. */
export function labelText(labels: CounterLabels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyOf(counter: CounterName, labels: CounterLabels): string {
  return `${counter} ${labelText(labels)}`;
}

function partKey({ counter, part }: Pick<PartRow, 'counter' | 'part'>): string {
  return `${counter} ${part}`;
}

function isTooOld(rows: ReadonlyMap<string, PartRow>, nowMs: number): boolean {
  for (const { endMs } of rows.values()) return endMs < nowMs - keptPartMs;
  return true;
}
