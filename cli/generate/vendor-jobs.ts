import { dump } from 'js-yaml';
import { ConfigError } from '../../kit/errors.ts';
import { wrap } from '../../kit/wrap.ts';
import type { Metric } from '../../metrics/define.ts';
import { dcgm, dcgm48, dcgm49 } from '../../metrics/vendors/dcgm.ts';
import { type ProfileName, profiles } from '../../rules/alert.ts';
import { nodeLabel, type ScrapeJob } from './scrape-config.ts';

/** Labels of the exporter's own pod would push aside those of the pod that has the GPU. */
const ownPod = { action: 'labeldrop', regex: 'container|endpoint|namespace|pod' } as const;

interface VendorJob {
  readonly name: string;
  readonly about: string;
  readonly port: number;
  /** Our label by the one of the exporter. */
  readonly labels: Readonly<Record<string, string>>;
}

const jobs: Readonly<Record<'dcgm' | 'amd', VendorJob>> = {
  dcgm: {
    name: 'dcgm-exporter',
    about:
      "NVIDIA's dcgm-exporter. Give it the rows of dcgm-counters-4.8.csv or dcgm-counters-4.9.csv beside those that you have, or most alerts have nothing to read.",
    port: 9400,
    labels: { uuid: 'UUID', gpu_id: 'gpu', job_id: 'hpc_job' },
  },
  amd: {
    name: 'amd-device-metrics-exporter',
    about:
      "AMD's device-metrics-exporter. Its configuration needs MetricsFieldPrefix: amd_ under CommonConfig, or its names collide with ours.",
    port: 5000,
    labels: { uuid: 'serial_number' },
  },
};

/** Files for the profiles that are wanted: scrape jobs, and counters files for dcgm-exporter. None without a profile. */
export function vendorFiles(wanted: readonly string[]): ReadonlyMap<string, string> {
  const chosen = parseProfiles(wanted);
  const vendors = (['dcgm', 'amd'] as const).filter((vendor) => chosen.some((profile) => profile.startsWith(vendor)));
  if (vendors.length === 0) return new Map();
  return new Map([
    ['scrape-gpu-vendors.yml', scrapeFile(vendors.map((vendor) => jobs[vendor]))],
    ...(chosen.includes('dcgm-4.8') ? ([['dcgm-counters-4.8.csv', countersFile(dcgm48, '4.8')]] as const) : []),
    ...(chosen.includes('dcgm-4.9') ? ([['dcgm-counters-4.9.csv', countersFile(dcgm49, '4.9')]] as const) : []),
  ]);
}

/** Throws a ConfigError that names a profile which is not known. */
export function parseProfiles(names: readonly string[]): readonly ProfileName[] {
  return names.map((name) => {
    const profile = profiles.find((one) => one === name);
    if (profile !== undefined) return profile;
    throw new ConfigError(`--rules.profiles must be some of ${profiles.join(', ')}, got "${name}"`);
  });
}

const about = `Jobs for GPU exporters of others, with the labels that the alerts of the profiles go by. Take those that you have, put your
targets in, and paste them into prometheus.yml, or name this file under scrape_config_files. The exporter keeps its own labels too, so
boards of yours stay as they are.`;

function scrapeFile(wanted: readonly VendorJob[]): string {
  return `# Made by fleetlens from cli/generate/vendor-jobs.ts. Do not edit: change the source and generate again.
${comment(about)}scrape_configs:
${wanted.map((job) => `${comment(job.about)}${item(scrapeJob(job))}`).join('')}`;
}

/** An empty label of the exporter leaves ours unset. */
function scrapeJob({ name, port, labels }: VendorJob): ScrapeJob {
  return {
    job_name: name,
    scrape_interval: '15s',
    static_configs: [{ targets: [`gpu-node-1:${port}`], labels: { cluster: 'my-cluster' } }],
    relabel_configs: [...nodeLabel, ownPod],
    metric_relabel_configs: Object.entries(labels).map(([ours, theirs]) => ({
      source_labels: [theirs],
      regex: '(.+)',
      target_label: ours,
    })),
  };
}

/** Rows as dcgm-exporter reads them: name, type, help without commas. */
function countersFile(ofRelease: Readonly<Record<string, Metric>>, release: string): string {
  const rows = [...Object.values(dcgm), ...Object.values(ofRelease)]
    // 3.x alone has this one; newer releases refuse to start with a field that they do not know.
    .filter(({ name }) => name !== 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS')
    .map(({ name, kind, help }) => `${name}, ${kind}, ${help.replaceAll(',', ';').replaceAll(/\.$/g, '')}`);
  return `# Fields that the alerts of the profile dcgm-${release} read. Made by fleetlens from metrics/vendors/dcgm.ts.
# Append them to the counters file of dcgm-exporter; a field may stand there once only.
${rows.join('\n')}
`;
}

function comment(text: string): string {
  return `${wrap(text.replaceAll('\n', ' '), { indent: '# ', width: 120 }).join('\n')}\n`;
}

/** The job as an item of the list, two columns in. */
function item(job: ScrapeJob): string {
  return dump([job], { lineWidth: -1, noRefs: true }).replaceAll(/^(?=.)/gm, '  ');
}
