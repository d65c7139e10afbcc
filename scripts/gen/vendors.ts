import { vendorFiles } from '../../cli/generate/vendor-jobs.ts';
import { profiles } from '../../rules/alert.ts';

/** Scrape jobs for other people's GPU exporters, and the counters files that dcgm-exporter needs for our alerts. */
export function generatedVendors(): readonly (readonly [path: string, text: string])[] {
  return [...vendorFiles(profiles)].map(([name, text]) => [`deploy/generated/prometheus/${name}`, text] as const);
}
