import type { Scored } from '../../../../exporters/prediction/evaluation/scored.ts';
import type { Incident } from '../../../../exporters/prediction/labels/incident.ts';
import { labelsOf } from '../../../../exporters/prediction/labels/labels-of.ts';
import { dayMs, gpu, incident, momentsOf, seeded, startMs, tableOf } from '../fleet.ts';

export function rowsOf(values: { readonly length: number }): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, row) => row);
}

/** A row of `gpu(name)` each day; scores of a GPU by day. */
export function scoredOf(scores: Readonly<Record<string, readonly number[]>>, incidents: readonly Incident[]): Scored {
  const names = Object.keys(scores).sort();
  const days = Object.values(scores)[0]?.length ?? 0;
  const moments = momentsOf(
    names.map((name) => gpu(name)),
    Array.from({ length: days }, (_, day) => startMs + day * dayMs),
  );
  const all = Float64Array.from(
    [...moments.atMs.keys()].map(
      (row) => scores[names[moments.entity[row] ?? 0] ?? '']?.[Math.floor(row / names.length)] ?? Number.NaN,
    ),
  );
  const labels = labelsOf(moments, incidents, '7d', startMs + 1000 * dayMs);
  return { moments, labels, scores: all, horizon: '7d', incidents };
}

/**
 * A fleet over half a year of which 3 % fail per week, more or less. With `signal`, a column rises in the week before a failure; a second column is noise.
 */
export function simulatedFleet(seed: number, signal: number, entities = 60, days = 180) {
  const random = seeded(seed);
  const gpus = Array.from({ length: entities }, (_, index) => gpu(String(index).padStart(3, '0')));
  const incidents = gpus.flatMap((entity) =>
    Array.from({ length: days }, (_, day) => day)
      .filter(() => random() < 0.006)
      .map((day) => incident(entity, startMs + (day + random()) * dayMs, { endMs: startMs + (day + 1) * dayMs })),
  );
  const moments = momentsOf(
    gpus,
    Array.from({ length: days }, (_, day) => startMs + day * dayMs),
  );
  const labels = labelsOf(moments, incidents, '7d', startMs + (days + 8) * dayMs);
  const noise = Float64Array.from(labels, () => random() + random() + random() - 1.5);
  const table = tableOf(moments, {
    signal: (row) => (noise[row] ?? 0) + (labels[row] === 1 ? signal : 0),
    other: () => random(),
  });
  return { table, labels, incidents };
}
