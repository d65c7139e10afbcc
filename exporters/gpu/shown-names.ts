import { ConfigError } from '../../kit/errors.ts';
import type { OptionValues } from '../../kit/options/define.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { createDcgmNames } from './names/dcgm-names.ts';
import { checkNameSets, isDcgmSet } from './names/name-sets.ts';
import type { OtherNames } from './node-snapshot.ts';
import type { GpuOptions } from './options.ts';
import { readCountersFile } from './sources/dcgm-counters-file.ts';

/** Under which names the metrics of a node are shown. */
export interface ShownNames {
  /** Whether a metric of that name is shown. */
  readonly isShown: (name: string) => boolean;
  /** For one node of that name; undefined where only our own names are shown. */
  readonly others: (hostname: string) => OtherNames | undefined;
  /** Rows of the counters file that name something that cannot be shown. */
  readonly unknown: readonly { readonly line: number; readonly name: string }[];
}

/** Throws ConfigError if the options or the counters file are wrong. */
export function shownNames(options: OptionValues<GpuOptions>): ShownNames {
  const all = checkNameSets(options['metrics.names']);
  const sets = all.filter(isDcgmSet);
  const file = options['dcgm.counters-file'];
  const counters = file === undefined ? undefined : readCountersFile(file);
  const hostnameLabel = options['dcgm.hostname-label'];
  return {
    isShown: shownBy(all.includes('native'), options['metrics.exclude']),
    others: (hostname) =>
      sets.length === 0 ? undefined : createDcgmNames({ sets, counters, hostname, hostnameLabel }),
    unknown: counters?.unknown ?? [],
  };
}

/** What the exporter says about itself is shown always: without it nobody knows why something is missing. */
function shownBy(isNative: boolean, exclude: readonly string[]): ShownNames['isShown'] {
  for (const pattern of exclude) {
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*\*?$/.test(pattern)) {
      throw new ConfigError(`--metrics.exclude must hold names of metrics, with * at the end only, got "${pattern}"`);
    }
  }
  const names = new Set(exclude.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = exclude.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (name) => {
    if (Object.hasOwn(fleetlens, name)) return true;
    if (names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) return false;
    return isNative || !name.startsWith('gpu_');
  };
}
