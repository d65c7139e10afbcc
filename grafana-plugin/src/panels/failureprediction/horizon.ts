/** How far ahead a probability is told, as the series and the service call it. */
export const HORIZONS = ['24h', '7d', '30d'] as const;
export type Horizon = (typeof HORIZONS)[number];
export type ByHorizon<T> = Readonly<Partial<Record<Horizon, T>>>;

export function horizonOf(text: unknown): Horizon | undefined {
  return HORIZONS.find((each) => each === text);
}
