const hourMs = 3_600_000;

/** How far back a feature looks. */
export const windows = ['1h', '6h', '24h', '7d', '30d', '90d'] as const;
export type Window = (typeof windows)[number];

export const windowMs: Readonly<Record<Window, number>> = {
  '1h': hourMs,
  '6h': 6 * hourMs,
  '24h': 24 * hourMs,
  '7d': 168 * hourMs,
  '30d': 720 * hourMs,
  '90d': 2160 * hourMs,
};
