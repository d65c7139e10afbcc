/** Times as numbers of slots of equal length, in two cells: the first time, and the last slot. */
export const slotCells = 3;

/**
 * How many slots the time is after the last one that was seen: 1 for the next, more after a gap, 0 for one that came already, lies before
 * it, or is no time. Slots are counted from the first time, so a scrape that is a little early or late stays in its slot.
 */
export function advanceSlot(cells: Float64Array, atMs: number, stepMs: number): number {
  if (!Number.isFinite(atMs)) return 0;
  if (cells[2] === 0) {
    cells[0] = atMs;
    cells[1] = 0;
    cells[2] = 1;
    return 1;
  }
  const slot = Math.round((atMs - (cells[0] as number)) / stepMs);
  const last = cells[1] as number;
  if (slot <= last) return 0;
  cells[1] = slot;
  return slot - last;
}
