import type { Incident, RiskEvent } from './incident.ts';

/** What the rate model hears of: each incident with weight 1, and signs that are none with less. Ascending by time. */
export function riskEventsOf(incidents: readonly Incident[], raised: readonly RiskEvent[]): readonly RiskEvent[] {
  const failures = incidents.map(({ entity, startMs, kind }) => ({ entity, atMs: startMs, kind, weight: 1 }));
  return [...failures, ...raised].sort((a, b) => a.atMs - b.atMs);
}
