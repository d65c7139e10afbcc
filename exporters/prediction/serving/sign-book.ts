import { keyOfEntity } from '../entity.ts';
import type { LabelSigns } from '../sources/prometheus/label-signs.ts';

/** What was seen of failures up to a moment. */
export interface SignBook {
  readonly untilMs: number;
  readonly signs: LabelSigns;
}

type AbsenceRecord = LabelSigns['absences'][number];

export const emptySigns: LabelSigns = { xids: [], absences: [], remaps: [], states: [] };

/** So much of what was read is read again: samples come in late, and what was open may be over. */
export const overlapMs = 3_600_000;

/** Those that began before a stretch is read and are not over. */
export function openAbsences({ signs }: SignBook, fromMs: number): readonly AbsenceRecord[] {
  return signs.absences.filter((each) => each.fromMs <= fromMs && each.untilMs === undefined);
}

export interface FreshSigns {
  /** Of (fromMs, untilMs]. */
  readonly signs: LabelSigns;
  readonly fromMs: number;
  readonly untilMs: number;
  /** The open ones as they are now. */
  readonly reviewed: readonly AbsenceRecord[];
}

/** The book with what a stretch shows in place of what it showed before. */
export function withSigns(book: SignBook, { signs, fromMs, untilMs, reviewed }: FreshSigns): SignBook {
  const before = <T extends { readonly atMs: number }>(all: readonly T[]): readonly T[] =>
    all.filter(({ atMs }) => atMs <= fromMs);
  const now = new Map(reviewed.map((each) => [keyOfAbsence(each), each]));
  const kept = book.signs.absences
    .filter((each) => each.fromMs <= fromMs)
    .map((each) => now.get(keyOfAbsence(each)) ?? each);
  return {
    untilMs: Math.max(book.untilMs, untilMs),
    signs: {
      xids: [...before(book.signs.xids), ...signs.xids],
      remaps: withoutRepeats([...before(book.signs.remaps), ...signs.remaps], ({ hasFailed }) => String(hasFailed)),
      states: withoutRepeats([...before(book.signs.states), ...signs.states], ({ state }) => state),
      absences: [...kept, ...signs.absences],
    },
  };
}

/** The book without what came before a moment, but for absences that are not over. */
export function signsSince(book: SignBook, ms: number): SignBook {
  const since = <T extends { readonly atMs: number }>(all: readonly T[]): readonly T[] =>
    all.filter(({ atMs }) => atMs >= ms);
  const { xids, remaps, states, absences } = book.signs;
  return {
    ...book,
    signs: {
      xids: since(xids),
      remaps: since(remaps),
      states: since(states),
      absences: absences.filter(({ fromMs, untilMs }) => untilMs === undefined || fromMs >= ms),
    },
  };
}

function keyOfAbsence({ entity, fromMs }: AbsenceRecord): string {
  return `${keyOfEntity(entity)} ${fromMs}`;
}

/** Each stretch tells anew what it saw first: only changes are kept. */
function withoutRepeats<T extends { readonly entity: AbsenceRecord['entity'] }>(
  all: readonly T[],
  told: (each: T) => string,
): readonly T[] {
  const last = new Map<string, string>();
  return all.filter((each) => {
    const [key, value] = [keyOfEntity(each.entity), told(each)];
    const isNew = last.get(key) !== value;
    last.set(key, value);
    return isNew;
  });
}
