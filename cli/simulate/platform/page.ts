import { formatValue } from '../../../kit/exposition/format-value.ts';
import { renderLabels } from '../../../kit/exposition/samples.ts';
import { catalogue } from '../../../metrics/index.ts';

export type SampleType = 'counter' | 'gauge' | 'untyped';
export type PageLabels = Readonly<Record<string, string>>;
export type PageSample = readonly [labels: PageLabels, value: number];

/** A family of somebody else's exporter, with its samples. */
export interface PageFamily {
  readonly name: string;
  readonly type: SampleType | 'histogram';
  readonly help: string;
  /** Lines with their newlines. */
  readonly lines: string;
}

/** Without a help of its own a family has that of the catalogue. */
export function familyOf(
  name: string,
  type: SampleType,
  samples: readonly PageSample[],
  help = catalogue.get(name)?.help ?? '',
): PageFamily {
  return { name, type, help, lines: samples.map(([labels, value]) => lineOf(name, labels, value)).join('') };
}

/** One sample without labels. */
export function singleOf(name: string, type: SampleType, value: number, help?: string): PageFamily {
  return familyOf(name, type, [[{}, value]], help);
}

/** One family for each column of a table whose lines are labelled alike. */
export function columnsOf<Row>(
  rows: readonly (readonly [labels: PageLabels, row: Row])[],
  columns: readonly (readonly [name: string, type: SampleType, value: (row: Row) => number, help?: string])[],
): readonly PageFamily[] {
  return columns.map(([name, type, value, help]) =>
    familyOf(
      name,
      type,
      rows.map(([labels, row]) => [labels, value(row)]),
      help,
    ),
  );
}

export function lineOf(name: string, labels: PageLabels, value: number): string {
  return `${name}${renderLabels(Object.keys(labels), labels)} ${formatValue(value)}\n`;
}

/** In the text format of Prometheus, in the order of names, as exporters in Go have it. */
export function pageOf(families: readonly PageFamily[]): string {
  return families
    .filter(({ lines }) => lines !== '')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help, lines }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines}`)
    .join('');
}
