import { type ChosenField, type Counters, defaultCounters, helpOf } from './counters.ts';
import type { DcgmUnit } from './dcgm-units.ts';
import { type DcgmSet, dcgmSets } from './name-sets.ts';

/** A metric that is shown: its name, and the sets that have that name. */
export interface DcgmMetric {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly unit: DcgmUnit;
  readonly read: ChosenField['field']['read'];
  readonly sets: readonly DcgmSet[];
}

/** Without a choice of counters, what dcgm-exporter shows by default. */
export function metricsOf(sets: readonly DcgmSet[], counters: Counters | undefined): readonly DcgmMetric[] {
  const metrics = new Map<string, DcgmMetric>();
  for (const set of inOrder(sets)) {
    for (const { field, kind, helps } of (counters ?? defaultCounters(set)).fields) {
      const name = field.names[set];
      if (name === undefined) continue;
      const before = metrics.get(name);
      const metric = { name, kind, help: helps[set] ?? helpOf(field, set), unit: field.units[set], read: field.read };
      metrics.set(name, before === undefined ? { ...metric, sets: [set] } : { ...before, sets: [...before.sets, set] });
    }
  }
  return [...metrics.values()];
}

function inOrder(sets: readonly DcgmSet[]): readonly DcgmSet[] {
  return dcgmSets.filter((set) => sets.includes(set));
}
