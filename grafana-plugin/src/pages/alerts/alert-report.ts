import type { Row } from '../../scenes/rows';

/** What one alert did over the time range. */
export interface AlertFigures {
  readonly alertname: string;
  readonly severity: string;
  readonly team: string;
  readonly domain: string;
  /** Times that it began to fire, over all its sets of labels. */
  readonly firings: number;
  /** All its sets of labels together. */
  readonly firingSeconds: number;
  readonly pendingSeconds: number;
  /** Waits that ended before the alert fired. */
  readonly pendingOnly: number;
}

export interface ReportReadings {
  readonly firing: readonly Row[];
  readonly firings: readonly Row[];
  readonly pending: readonly Row[];
  /** Waits that ended without a firing. */
  readonly waits: readonly Row[];
}

/** One line for each alert, what fires most first. `stepSeconds` is the distance of the samples that were counted. */
export function alertFigures(readings: ReportReadings, stepSeconds: number): readonly AlertFigures[] {
  const keys = new Map([...readings.firing, ...readings.pending].map((row) => [keyOf(row), row.labels] as const));
  const columns = {
    firing: byKey(readings.firing),
    firings: byKey(readings.firings),
    pending: byKey(readings.pending),
    waits: byKey(readings.waits),
  };
  return [...keys]
    .map(([key, { alertname = '', severity = '', team = '', domain = '' }]) => {
      return {
        alertname,
        severity,
        team,
        domain,
        firings: Math.round(columns.firings.get(key) ?? 0),
        firingSeconds: (columns.firing.get(key) ?? 0) * stepSeconds,
        pendingSeconds: (columns.pending.get(key) ?? 0) * stepSeconds,
        pendingOnly: Math.round(columns.waits.get(key) ?? 0),
      };
    })
    .sort((a, b) => b.firings - a.firings || b.firingSeconds - a.firingSeconds || (a.alertname < b.alertname ? -1 : 1));
}

export interface Total {
  readonly name: string;
  readonly alerts: number;
  readonly firings: number;
  readonly firingSeconds: number;
}

/** Sums by severity or team; what has none is told as `none`. */
export function totalsBy(figures: readonly AlertFigures[], label: 'severity' | 'team'): readonly Total[] {
  const totals = new Map<string, Total>();
  for (const each of figures) {
    const name = each[label] === '' ? 'none' : each[label];
    const before = totals.get(name) ?? { name, alerts: 0, firings: 0, firingSeconds: 0 };
    totals.set(name, {
      name,
      alerts: before.alerts + 1,
      firings: before.firings + each.firings,
      firingSeconds: before.firingSeconds + each.firingSeconds,
    });
  }
  return [...totals.values()].sort((a, b) => b.firings - a.firings || b.firingSeconds - a.firingSeconds);
}

function keyOf({ labels: { alertname, severity, team, domain } }: Row): string {
  return JSON.stringify([alertname, severity, team, domain]);
}

function byKey(rows: readonly Row[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [keyOf(row), row.value]));
}
