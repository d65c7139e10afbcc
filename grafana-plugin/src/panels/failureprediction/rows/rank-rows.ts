import { HORIZONS, type Horizon } from '../horizon';
import type { RiskRow } from './risk-row';

/** The likeliest first; who is out of service comes last, and of equals the key decides, so that places do not jump. */
export function likeliestFirst(rows: readonly RiskRow[], horizon: Horizon): RiskRow[] {
  return [...rows].sort(
    (a, b) =>
      Number(a.isOut) - Number(b.isOut) ||
      (b.probability[horizon] ?? -1) - (a.probability[horizon] ?? -1) ||
      (a.key < b.key ? -1 : 1),
  );
}

/** Gives each row its place by each horizon; equals share one. Without a probability, or out of service, there is none. */
export function rankRows(rows: readonly RiskRow[]): RiskRow[] {
  const ranks = new Map<string, Partial<Record<Horizon, number>>>(rows.map(({ key }) => [key, {}]));
  for (const horizon of HORIZONS) {
    let [seen, place, last] = [0, 0, Number.NaN];
    for (const { key, probability, isOut } of likeliestFirst(rows, horizon)) {
      const [own, value] = [ranks.get(key), probability[horizon]];
      if (own === undefined || isOut || value === undefined) continue;
      seen += 1;
      if (value !== last) [place, last] = [seen, value];
      own[horizon] = place;
    }
  }
  return rows.map((row) => ({ ...row, rank: ranks.get(row.key) ?? {} }));
}
