import type { CellCounts, Cells } from './cells.ts';

export interface BudgetSettings {
  /** Reports for each entity and day that are put up with. */
  readonly perEntityDay: number;
  /** Score at which a report is due whatever the budget. */
  readonly least: number;
}

/** Sets the threshold of a detector by what it reported, or would have, in the last 14 days. */
export interface Budget {
  /** Call it once for each step with the number of entities that had a score, before the reports of the step. */
  readonly pass: (atMs: number, entityDays: number) => void;
  /** A score of at least `least` that is news: be it reported or not. */
  readonly count: (score: number) => void;
  /** The lowest threshold with which the last days would have kept to the budget; `least` while there is too little to tell. */
  readonly threshold: () => number;
  /** Reports at the present threshold for each entity and day of the last days; NaN before there is any. */
  readonly spent: () => number;
}

const days = 14;
const dayMs = 86_400_000;
const steps = 160;
/** Thresholds 3 % apart, up to more than a hundred times the least. */
const ratio = 1.03;
const each = 1 + steps;
const head = 2 + each;
/** Fewer reports than these within the budget say nothing about a threshold. */
const fewest = 5;

export const budgetCells: CellCounts = { f64: head + days * each };

/** Every report counts as false, for what is true is not known, and is rare: so the budget is kept in any case. */
export function createBudget({ perEntityDay, least }: BudgetSettings, { f64 }: Cells): Budget {
  const total = 2;

  function startDay(day: number): void {
    const at = head + (day % days) * each;
    for (let cell = 0; cell < each; cell++) {
      f64[total + cell] = (f64[total + cell] as number) - (f64[at + cell] as number);
      f64[at + cell] = 0;
    }
  }

  function add(cell: number, amount: number): void {
    const at = head + ((f64[0] as number) % days) * each + cell;
    f64[at] = (f64[at] as number) + amount;
    f64[total + cell] = (f64[total + cell] as number) + amount;
  }

  /** The step from which on the reports are within the budget, and how many these are. */
  function within(): { readonly step: number; readonly reports: number } {
    const allowed = perEntityDay * (f64[total] as number);
    const counts = (step: number): number => f64[total + 1 + step] as number;
    let reports = 0;
    let step = steps;
    const isOpen = allowed < fewest;
    while (step > 0 && (isOpen || reports + counts(step - 1) <= allowed)) {
      step -= 1;
      reports += counts(step);
    }
    return { step, reports };
  }

  return {
    pass: (atMs, entityDays) => {
      const day = Math.floor(atMs / dayMs);
      const last = f64[1] === 0 ? day : (f64[0] as number);
      for (let next = Math.max(last + 1, day - days + 1); next <= day; next++) startDay(next);
      f64[0] = Math.max(day, last);
      f64[1] = 1;
      add(0, entityDays);
    },
    count: (score) => {
      const step = Math.floor(Math.log(score / least) / Math.log(ratio) + 1e-9);
      add(1 + Math.max(0, Math.min(steps - 1, step)), 1);
    },
    threshold: () => least * ratio ** within().step,
    spent: () => within().reports / (f64[total] as number),
  };
}
