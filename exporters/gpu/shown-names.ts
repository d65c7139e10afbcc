import type { OptionValues } from '../../kit/options/define.ts';
import { createDcgmNames } from './names/dcgm-names.ts';
import { checkNameSets, isDcgmSet } from './names/name-sets.ts';
import type { OtherNames } from './node-snapshot.ts';
import type { GpuOptions } from './options.ts';
import { readCountersFile } from './sources/dcgm-counters-file.ts';

/** Under which names the metrics of a node are shown. */
export interface ShownNames {
  readonly isNative: boolean;
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
    isNative: all.includes('native'),
    others: (hostname) =>
      sets.length === 0 ? undefined : createDcgmNames({ sets, counters, hostname, hostnameLabel }),
    unknown: counters?.unknown ?? [],
  };
}
