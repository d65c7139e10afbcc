import { createHash } from 'node:crypto';
import { ConfigError } from '../../../kit/errors.ts';
import { preview } from '../../../kit/options/preview.ts';
import type { FeatureSpec } from './feature-spec.ts';
import type { FeatureSchema } from './feature-table.ts';

export function schemaOf({ version, features }: FeatureSpec): FeatureSchema {
  return { version, names: features.map(({ name }) => name) };
}

/** Of the names in their order and the version; 16 hexadecimal digits. */
export function hashOfSchema({ version, names }: FeatureSchema): string {
  return createHash('sha256')
    .update(JSON.stringify([version, ...names]))
    .digest('hex')
    .slice(0, 16);
}

/** Throws ConfigError for names that come twice or that no label may have, and for features of what is not there. */
export function checkSpec({ signals, features }: FeatureSpec): void {
  const known = new Set(signals.map(({ name }) => name));
  const columns = new Set<string>();
  for (const feature of features) {
    checkName(feature.name, columns);
    const unknown = signalsOf(feature).find((signal) => !known.has(signal));
    if (unknown !== undefined)
      throw new ConfigError(`the feature ${feature.name} reads the signal ${unknown}, which the spec does not have`);
    if (feature.is === 'peers' && !columns.has(feature.of))
      throw new ConfigError(`the feature ${feature.name} compares ${feature.of}, which must stand before it`);
    columns.add(feature.name);
  }
}

function checkName(name: string, taken: ReadonlySet<string>): void {
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name))
    throw new ConfigError(`the feature ${preview(name)} must be named by small letters, digits and _`);
  if (taken.has(name)) throw new ConfigError(`the feature ${name} is there twice; name one of them differently`);
}

/** Names of the signals that a feature reads by itself. */
export function signalsOf(feature: FeatureSpec['features'][number]): readonly string[] {
  switch (feature.is) {
    case 'statistic':
      return [feature.signal];
    case 'ratio':
      return [feature.over.signal, feature.under.signal];
    case 'residual':
      return [feature.of, feature.given];
    case 'vanished':
      return [...feature.signals, feature.scrape];
    case 'peers':
    case 'faults':
    case 'life':
    case 'fact':
      return [];
  }
}
