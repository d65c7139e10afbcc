import { compare, nothing, plus } from '../../exact.ts';
import { mergeUsages } from '../../metering/canonical.ts';
import type { GpuWindow, MeteredGpus } from '../../metering/meter-gpus.ts';
import type { Conservation } from '../../usage.ts';

const maxWorst = 20;

/** Joins what was metered of different GPUs in the same windows. */
export function joinGpuWindows(parts: readonly MeteredGpus[]): MeteredGpus {
  const [first] = parts;
  if (first === undefined) throw new RangeError('there must be a part');
  const windows = first.windows.map(
    ({ span }, index): GpuWindow => ({
      span,
      usages: mergeUsages(parts.flatMap(({ windows }) => windows[index]?.usages ?? [])),
      conservation: joinConservation(parts.flatMap(({ windows }) => windows[index]?.conservation ?? [])),
    }),
  );
  return { windows, problems: [...new Set(parts.flatMap(({ problems }) => problems))].sort() };
}

function joinConservation(parts: readonly Conservation[]): Conservation {
  return {
    devices: parts.reduce((sum, { devices }) => sum + devices, 0),
    installedMs: parts.reduce((sum, { installedMs }) => sum + installedMs, 0),
    error: parts.map(({ error }) => error).reduce(plus, nothing),
    worst: parts
      .flatMap(({ worst }) => worst)
      .sort((a, b) => compare(b.error, a.error) || (a.resource < b.resource ? -1 : 1))
      .slice(0, maxWorst),
  };
}
