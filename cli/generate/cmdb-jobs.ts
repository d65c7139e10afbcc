import { dump } from 'js-yaml';
import { wrap } from '../../kit/wrap.ts';
import { cmdbScrapeJob, gpuScrapeJob, nodeLabel, type ScrapeJob, trainingScrapeJob } from './scrape-config.ts';

/** Labels that last and that the inventory knows of a target. */
const known = ['node', 'rack', 'cluster', 'tenant', 'role', 'owner'] as const;

/** Discovery knows the labels already, unless the daemon has ready_labels off. What it does not know stays as other discovery set it. */
export const cmdbLabels = known.map((label) => ({
  source_labels: [`__meta_cmdb_${label}`],
  regex: '(.+)',
  target_label: label,
}));

export interface CmdbPlace {
  /** Where the daemon is: http://cmdb:9412. */
  readonly url: string;
  /** Folder in which it writes the lists for file_sd; undefined without that. */
  readonly fileFolder?: string | undefined;
}

/** How a job finds the targets of a list. What both tell is one target. */
export function cmdbDiscovery({ url, fileFolder }: CmdbPlace, list: string): Readonly<Record<string, unknown>> {
  return {
    http_sd_configs: [{ url: `${url}/api/v1/sd/${list}`, refresh_interval: '30s' }],
    ...(fileFolder === undefined ? {} : { file_sd_configs: [{ files: [`${fileFolder}/${list}.json`] }] }),
  };
}

function withCmdbLabels(job: ScrapeJob): ScrapeJob {
  const { relabel_configs, ...same } = job;
  return { ...same, relabel_configs: [...cmdbLabels, ...(Array.isArray(relabel_configs) ? relabel_configs : [])] };
}

/** Jobs whose targets come from the inventory, and the job of the daemon itself. */
export function cmdbScrapeJobs(place: CmdbPlace): readonly ScrapeJob[] {
  const every = { scrape_interval: '15s' };
  return [
    withCmdbLabels(gpuScrapeJob({ ...every, ...cmdbDiscovery(place, 'gpu') })),
    withCmdbLabels(trainingScrapeJob({ ...every, ...cmdbDiscovery(place, 'training') })),
    withCmdbLabels({ job_name: 'node', ...every, ...cmdbDiscovery(place, 'node'), relabel_configs: nodeLabel }),
    cmdbScrapeJob({ scrape_interval: '30s', static_configs: [{ targets: [new URL(place.url).host] }] }),
  ];
}

const about = `Jobs whose targets, with rack, tenant, role and owner, come from the inventory of the cmdb daemon. Put its address in
place of cmdb:9412, and paste the jobs into prometheus.yml in place of those of the same name, or name this file under scrape_config_files.
Where service_discovery.file_sd_folder is set, add to each job: file_sd_configs: [{ files: [FOLDER/LIST.json] }]. Prometheus then has its
targets after a restart, too, while the daemon is away. What both tell is one target.`;

/** Text of scrape-cmdb.yml. */
export function cmdbScrapeFile(): string {
  const jobs = cmdbScrapeJobs({ url: 'http://cmdb:9412' }).map((job) =>
    dump([job], { lineWidth: -1, noRefs: true }).replaceAll(/^(?=.)/gm, '  '),
  );
  const comment = wrap(about.replaceAll('\n', ' '), { indent: '# ', width: 120 }).join('\n');
  return `# Made by fleetlens from cli/generate/cmdb-jobs.ts. Do not edit: change the source and generate again.
${comment}
scrape_configs:
${jobs.join('')}`;
}
