import type { SaidDay } from './said-days.ts';

/** What keeps what was said; `openSaidLog` opens one. */
export interface SaidKeeper {
  readonly load: () => Promise<readonly SaidDay[]>;
  readonly add: (day: SaidDay) => Promise<void>;
  readonly dropBefore: (ms: number) => Promise<void>;
}

/** What was said once a day. */
export interface Diary {
  readonly days: () => readonly SaidDay[];
  /** Whether the day of a moment has nothing yet. */
  readonly isDue: (atMs: number) => boolean;
  readonly add: (day: SaidDay) => Promise<void>;
}

const dayMs = 86_400_000;
/** A month must be over to be judged, and some months make a figure. */
const keptMs = 200 * dayMs;

export async function openDiary(keeper: SaidKeeper): Promise<Diary> {
  let days = await keeper.load();
  return {
    days: () => days,
    // Not only the last: a clock that was ahead has left days that are still to come.
    isDue: (atMs) => days.every((day) => Math.floor(day.atMs / dayMs) !== Math.floor(atMs / dayMs)),
    add: async (day) => {
      await keeper.add(day);
      days = [...days.filter(({ atMs }) => atMs >= day.atMs - keptMs), day].sort((a, b) => a.atMs - b.atMs);
      await keeper.dropBefore(day.atMs - keptMs);
    },
  };
}
