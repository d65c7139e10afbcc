import type { DataFrame } from '@grafana/data';

/** One line of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a query found, whether the data source answers with one table or a frame for each series. What is no number is left out. */
export function samplesOf(frames: readonly DataFrame[], refId: string): readonly Sample[] {
  return frames.filter((frame) => frame.refId === refId).flatMap(samplesOfFrame);
}

function samplesOfFrame({ fields, length }: DataFrame): readonly Sample[] {
  const values = fields.find(({ type }) => type === 'number');
  if (values === undefined) return [];
  const texts = fields.filter(({ type }) => type === 'string');
  return Array.from({ length }, (_, row) => row).flatMap((row) => {
    const value: unknown = values.values[row];
    if (typeof value !== 'number' || !Number.isFinite(value)) return [];
    const own = texts.map(({ name, values: of }) => [name, String(of[row] ?? '')]);
    return [{ labels: { ...values.labels, ...Object.fromEntries(own) }, value }];
  });
}
