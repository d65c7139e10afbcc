/** A quantity of a series, which has a number. */
export interface SeriesAmount {
  readonly series: number;
  readonly quantity: bigint;
}

/** What has to be added to what is booked so that the sum becomes what was found: signed, and nothing where nothing changes. */
export function differences(
  found: readonly SeriesAmount[],
  booked: ReadonlyMap<number, bigint>,
): readonly SeriesAmount[] {
  const rows: SeriesAmount[] = [];
  const left = new Map(booked);
  for (const { series, quantity } of found) {
    const change = quantity - (left.get(series) ?? 0n);
    left.delete(series);
    if (change !== 0n) rows.push({ series, quantity: change });
  }
  for (const [series, quantity] of left) if (quantity !== 0n) rows.push({ series, quantity: -quantity });
  return rows;
}
