import { type DataFrame, type Field, FieldType } from '@grafana/data';

/** One series at one moment: what it is about, and its value. */
export interface Row {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The rows of one query of many. A data source may answer with one table whose columns are labels, or with one frame for each series;
 * values that are no numbers are left out, so that "missing" is the only way not to know.
 */
export function rowsOf(frames: readonly DataFrame[], refId: string): readonly Row[] {
  return frames.filter((frame) => frame.refId === refId).flatMap(rowsOfFrame);
}

function rowsOfFrame({ fields, length }: DataFrame): readonly Row[] {
  const values = fields.filter(({ type }) => type === FieldType.number);
  const value = values.at(-1);
  if (value === undefined) return [];
  const columns = fields.filter((field) => field !== value && isLabel(field.type));
  const rows: Row[] = [];
  for (let index = 0; index < length; index++) {
    const number: unknown = value.values[index];
    if (typeof number !== 'number' || Number.isNaN(number)) continue;
    rows.push({ labels: { ...value.labels, ...labelsAt(columns, index) }, value: number });
  }
  return rows;
}

function isLabel(type: FieldType): boolean {
  return type === FieldType.string;
}

/** A table has a cell for labels that a series lacks; such a series has no such label. */
function labelsAt(columns: readonly Field[], index: number): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const { name, values } of columns) {
    const text: unknown = values[index];
    if (typeof text === 'string' && text !== '') labels[name] = text;
  }
  return labels;
}
