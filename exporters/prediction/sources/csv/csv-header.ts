import { didYouMean } from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { preview } from '../../../../kit/options/preview.ts';

export interface CsvColumns {
  /** Which column tells whose the row is, and which when. */
  readonly entity: string;
  readonly time: string;
  /** Left out where there is none. */
  readonly node?: string | undefined;
  readonly cluster?: string | undefined;
  /** That are not read, such as texts. */
  readonly ignored?: readonly string[] | undefined;
}

/** Where in a row each thing is. */
export interface CsvHeader {
  readonly width: number;
  readonly entity: number;
  readonly time: number;
  readonly node: number | undefined;
  readonly cluster: number | undefined;
  readonly features: readonly { readonly at: number; readonly name: string; readonly title: string }[];
}

const mostFeatures = 2000;

/** Throws ConfigError for a column that is missing, for two that are called the same, and where there is nothing to learn from. */
export function readHeader(titles: readonly string[], columns: CsvColumns, where: string): CsvHeader {
  const trimmed = titles.map((title) => title.trim());
  const place = (title: string): number => {
    const at = trimmed.indexOf(title);
    if (at >= 0) return at;
    throw new ConfigError(
      `${where} has no column ${preview(title)}; it has ${trimmed.slice(0, 20).join(', ')}${didYouMean(title, trimmed)}`,
    );
  };
  const optional = (title: string | undefined): number | undefined => (title === undefined ? undefined : place(title));
  const [entity, time, node, cluster] = [
    place(columns.entity),
    place(columns.time),
    optional(columns.node),
    optional(columns.cluster),
  ];
  const taken = new Set([entity, time, node, cluster, ...(columns.ignored ?? []).map(place)]);
  const features = trimmed.flatMap((title, at) => (taken.has(at) ? [] : [{ at, title, name: nameOf(title) }]));
  checkFeatures(features, where);
  return { width: titles.length, entity, time, node, cluster, features };
}

function checkFeatures(features: CsvHeader['features'], where: string): void {
  if (features.length === 0) throw new ConfigError(`${where} has no column beside those of the entity and the time`);
  if (features.length > mostFeatures)
    throw new ConfigError(`${where} has ${features.length} columns; at most ${mostFeatures} are read`);
  const seen = new Map<string, string>();
  for (const { name, title } of features) {
    const other = seen.get(name);
    if (other !== undefined)
      throw new ConfigError(
        `${where}: the columns ${preview(other)} and ${preview(title)} would both be the feature ${name}; rename one`,
      );
    seen.set(name, title);
  }
}

/** Safe as the value of a label. */
function nameOf(title: string): string {
  const name = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) ? name.slice(0, 80) : `column_${name}`.slice(0, 80);
}
