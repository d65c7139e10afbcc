import { type SeriesName, seriesNameOf } from '../series-names';
import type { Reading } from './reading';

export interface FoundSeries {
  readonly byName: ReadonlyMap<SeriesName, readonly Reading[]>;
  /** What else came, by name or by its labels, for people who look for a series that was renamed. */
  readonly others: readonly string[];
}

/** Sorts readings by series. A query that drops the name, such as `max by (uuid, horizon)`, is recognised by its labels. */
export function seriesOf(readings: readonly Reading[]): FoundSeries {
  const byName = new Map<SeriesName, Reading[]>();
  const others = new Set<string>();
  for (const reading of readings) {
    const name = seriesNameOf(reading.name) ?? (reading.name === undefined ? nameByLabels(reading) : undefined);
    if (name === undefined) others.add(reading.name ?? describe(reading));
    else {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [reading]);
      else known.push(reading);
    }
  }
  return { byName, others: [...others] };
}

function nameByLabels({ labels }: Reading): SeriesName | undefined {
  const has = (...wanted: readonly string[]): boolean => wanted.every((each) => each in labels);
  if (has('uuid', 'rule', 'severity')) return 'prediction_rule_hit';
  if (has('horizon', 'layer')) return 'prediction_failure_layer_info';
  if (has('uuid', 'horizon')) return 'prediction_failure_probability';
  if (has('uuid', 'gpu_id', 'model')) return 'gpu_info';
  return has('node', 'rack') ? 'cmdb_ci_info' : undefined;
}

function describe({ labels }: Reading): string {
  return `{${Object.keys(labels).sort().join(', ')}}`;
}
