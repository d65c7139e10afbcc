import type { Metric } from '../metrics/define.ts';

const suffix = /_(?:total|info|seconds|bytes|celsius|joules|watts|ratio|hertz|percent)$/;
const acronyms: ReadonlyMap<string, string> = new Map(
  ['GPU', 'SM', 'PCIe', 'ECC', 'XID', 'HTTP', 'FleetLens'].map((word) => [word.toLowerCase(), word]),
);

/** A heading out of the metric's name: `gpu_ecc_errors_total` gives "GPU ECC errors". */
export function titleOf(metric: Metric): string {
  const words = metric.name
    .replace(/_total$/, '')
    .replace(suffix, '')
    .split('_');
  const text = words.map((word) => acronyms.get(word) ?? word).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
