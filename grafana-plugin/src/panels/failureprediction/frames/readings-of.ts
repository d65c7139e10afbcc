import type { DataFrame, Field } from '@grafana/data';
import { seriesNameOf } from '../series-names';
import type { Labels, Point, Reading } from './reading';

/** Series of an answer of Prometheus, whether as table or over time. They are told by name and labels, never by their place. */
export function readingsOf(frames: readonly DataFrame[]): Reading[] {
  return frames.flatMap((frame) => (isTable(frame) ? ofTable(frame) : ofSeries(frame)));
}

function isTable({ fields }: DataFrame): boolean {
  const hasLabels = fields.some(({ type, labels }) => type === 'number' && Object.keys(labels ?? {}).length > 0);
  return !hasLabels && fields.some(({ type }) => type === 'string');
}

/** A line is a series: texts are labels, the number is the value. */
function ofTable(frame: DataFrame): Reading[] {
  const texts = frame.fields.filter(({ type }) => type === 'string');
  const times = frame.fields.find(({ type }) => type === 'time');
  const numbers = frame.fields.filter(({ type }) => type === 'number');
  const readings: Reading[] = [];
  for (const field of numbers) {
    const asked = seriesNameOf(refIdOf(field, frame));
    for (let line = 0; line < frame.length; line++) {
      const value: unknown = field.values[line];
      if (value === null || value === undefined) continue;
      const labels = labelsOfLine(texts, line);
      readings.push({
        name: labels['__name__'] ?? asked,
        labels,
        value: Number(value),
        atMs: timeOf(times, line),
      });
    }
  }
  return readings;
}

/** Grafana's merge of several tables calls the columns `Value #A`. */
function refIdOf({ name }: Field, { refId }: DataFrame): string | undefined {
  return /^Value #(.+)$/.exec(name)?.[1] ?? refId;
}

function labelsOfLine(texts: readonly Field[], line: number): Labels {
  const labels: Record<string, string> = {};
  for (const { name, values } of texts) {
    const text: unknown = values[line];
    if (typeof text === 'string') labels[name] = text;
  }
  return labels;
}

function ofSeries(frame: DataFrame): Reading[] {
  const times = frame.fields.find(({ type }) => type === 'time');
  return frame.fields
    .filter(({ type }) => type === 'number')
    .flatMap((field) => {
      const labels = field.labels ?? {};
      const points = pointsOf(field, times);
      const last = points.at(-1);
      if (last === undefined) return [];
      const name = labels['__name__'] ?? seriesNameOf(frame.refId) ?? seriesNameOf(field.name);
      const atMs = Number.isNaN(last.atMs) ? undefined : last.atMs;
      return [{ name, labels, value: last.value, atMs, ...(points.length > 1 ? { points } : {}) }];
    });
}

function pointsOf({ values }: Field, times: Field | undefined): Point[] {
  const points: Point[] = [];
  for (let at = 0; at < values.length; at++) {
    const value: unknown = values[at];
    if (value === null || value === undefined) continue;
    points.push({ atMs: timeOf(times, at) ?? Number.NaN, value: Number(value) });
  }
  return points;
}

function timeOf(times: Field | undefined, at: number): number | undefined {
  const time: unknown = times?.values[at];
  return typeof time === 'number' ? time : undefined;
}
