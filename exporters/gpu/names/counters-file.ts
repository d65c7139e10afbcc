import { ConfigError } from '../../../kit/errors.ts';
import { cut } from '../../../kit/options/preview.ts';
import type { ChosenField, Counters, UnknownField } from './counters.ts';
import { type DcgmField, type DcgmLabel, dcgmFields, dcgmLabels } from './dcgm-fields.ts';
import { dcgmSets } from './name-sets.ts';
import { oldNames } from './old-names.ts';

type RowType = 'gauge' | 'counter' | 'label';

interface Row {
  readonly line: number;
  readonly name: string;
  readonly type: RowType;
  readonly help: string;
}

const fieldNamed = byName(dcgmFields);
const labelNamed = byName(dcgmLabels);

/**
 * Parses the text of a counters file of dcgm-exporter: `field, type, help`, one on each line, with # comments. Its own parser turns
 * down what people have in such files; here help may hold commas and quotes, and names and types may have blanks around them.
 * Both sets of names are known, and those of 1.x. Throws ConfigError with file and line for a type that cannot be shown.
 */
export function parseCountersFile(file: string, text: string): Counters {
  const fields = new Map<DcgmField, ChosenField>();
  const labels = new Set<DcgmLabel>();
  const unknown: UnknownField[] = [];
  for (const row of rowsOf(file, text)) {
    const field = chosenField(row);
    const label = row.type === 'label' ? labelNamed.get(row.name) : undefined;
    // The last row of a field counts, as in dcgm-exporter.
    if (field !== undefined) fields.set(field.field, field);
    else if (label !== undefined) labels.add(label);
    else unknown.push({ line: row.line, name: cut(row.name) });
  }
  if (fields.size === 0)
    throw new ConfigError(`${file} names no field that can be shown; docs/reference/dcgm-names.md lists them`);
  return { fields: [...fields.values()], labels: [...labels], unknown };
}

function chosenField({ name, type, help }: Row): ChosenField | undefined {
  const field = fieldNamed.get(name);
  if (field === undefined || type === 'label') return undefined;
  return { field, kind: type, helps: help === '' ? {} : helpsOf(field, name, help) };
}

function rowsOf(file: string, text: string): readonly Row[] {
  return text.split(/\r\n|\n|\r/).flatMap((content, index) => {
    // A byte order mark counts as a blank.
    const trimmed = content.trim();
    return trimmed === '' || /^"?#/.test(trimmed) ? [] : [rowOf(file, index + 1, trimmed)];
  });
}

function rowOf(file: string, line: number, text: string): Row {
  const [, name = '', type = '', help = ''] = /^([^,]*)(?:,([^,]*))?(?:,(.*))?$/s.exec(text) ?? [];
  return {
    line,
    name: unquoted(name),
    type: typeOf(`${file} line ${line}`, unquoted(type)),
    help: unquoted(help.replace(/[,\s]+$/, '')),
  };
}

function typeOf(place: string, type: string): RowType {
  if (type === 'gauge' || type === 'counter' || type === 'label') return type;
  const found = type === '' ? 'has no type' : `has the type ${JSON.stringify(cut(type))}`;
  throw new ConfigError(`${place} ${found}; write gauge, counter or label after the name of the field`);
}

function unquoted(cell: string): string {
  const trimmed = cell.trim();
  const [, inner] = /^"(.*)"$/s.exec(trimmed) ?? [];
  return inner === undefined ? trimmed : inner.replaceAll('""', '"').trim();
}

/** What is written is about the unit of the name beside it; a set in which the field has another unit does not take it. */
function helpsOf({ names, units }: DcgmField, name: string, help: string): ChosenField['helps'] {
  const own = dcgmSets.find((set) => names[set] === (oldNames[name] ?? name));
  const fitting = dcgmSets.filter((set) => own !== undefined && units[set] === units[own]);
  return Object.fromEntries(fitting.map((set) => [set, help]));
}

function byName<T extends Pick<DcgmField, 'names'>>(entries: readonly T[]): ReadonlyMap<string, T> {
  const named = entries.flatMap((entry) =>
    dcgmSets.flatMap((set) => {
      const name = entry.names[set];
      return name === undefined ? [] : ([[name, entry]] as const);
    }),
  );
  const current = new Map(named);
  const older = Object.entries(oldNames).flatMap(([old, name]) => {
    const entry = current.get(name);
    return entry === undefined ? [] : ([[old, entry]] as const);
  });
  return new Map([...named, ...older]);
}
