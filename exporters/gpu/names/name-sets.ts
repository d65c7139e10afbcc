import { ConfigError } from '../../../kit/errors.ts';
import { nearest } from '../../../kit/options/nearest.ts';
import { cut } from '../../../kit/options/preview.ts';

/** Sets of metric names that can be shown side by side. */
export const nameSets = ['native', 'dcgm-4.8', 'dcgm-4.9'] as const;
export type NameSet = (typeof nameSets)[number];
/** Names, labels and units of dcgm-exporter: up to 4.8, and since 4.9. */
export type DcgmSet = Exclude<NameSet, 'native'>;
export const dcgmSets = ['dcgm-4.8', 'dcgm-4.9'] as const satisfies readonly DcgmSet[];

/** The name sets that `--metrics.names` asks for, each once. Throws ConfigError for none and for one that does not exist. */
export function checkNameSets(names: readonly string[]): readonly NameSet[] {
  const allowed = `allowed are ${nameSets.join(', ')}`;
  if (names.length === 0) throw new ConfigError(`--metrics.names names no set; ${allowed}`);
  return [...new Set(names.map((name) => setNamed(name, allowed)))];
}

function setNamed(name: string, allowed: string): NameSet {
  const known = nameSets.find((set) => set === name);
  if (known !== undefined) return known;
  const guess = nearest(name, nameSets);
  const remedy = guess === undefined ? '' : `; did you mean ${guess}?`;
  throw new ConfigError(`--metrics.names: there is no name set ${JSON.stringify(cut(name))} (${allowed})${remedy}`);
}

export function isDcgmSet(set: NameSet): set is DcgmSet {
  return set !== 'native';
}
