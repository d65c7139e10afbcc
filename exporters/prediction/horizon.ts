const hourMs = 3_600_000;

/** For how long ahead a probability is told: to drain now, for the next maintenance window, for spares. */
export const horizons = ['24h', '7d', '30d'] as const;
export type Horizon = (typeof horizons)[number];

export const horizonMs: Readonly<Record<Horizon, number>> = {
  '24h': 24 * hourMs,
  '7d': 168 * hourMs,
  '30d': 720 * hourMs,
};

/** Something for each horizon. */
export function byHorizon<T>(of: (horizon: Horizon) => T): Readonly<Record<Horizon, T>> {
  const [day, week, month] = horizons;
  return { [day]: of(day), [week]: of(week), [month]: of(month) };
}
