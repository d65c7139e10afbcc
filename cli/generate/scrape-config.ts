/** One job of `scrape_configs`, as far as we write them. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly [setting: string]: unknown;
}

/**
 * Scrape job for the GPU exporters. `node` is what rules and boards group by, so where discovery gives no such label it is taken from
 * the host of the address.
 */
export function gpuScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-gpu',
    ...discovery,
    relabel_configs: [
      {
        source_labels: ['node', '__address__'],
        regex: ';([^:]+|\\[[^\\]]+\\])(?::\\d+)?',
        target_label: 'node',
        replacement: '$1',
      },
    ],
  };
}

/** What an SRE pastes into the `scrape_configs` of an existing Prometheus. */
export function exampleScrapeConfig(): { readonly scrape_configs: readonly ScrapeJob[] } {
  return {
    scrape_configs: [
      gpuScrapeJob({
        scrape_interval: '15s',
        static_configs: [{ targets: ['gpu-node-1:9400', 'gpu-node-2:9400'], labels: { cluster: 'my-cluster' } }],
      }),
    ],
  };
}
