import { nodeLabel, type ScrapeJob } from '../generate/scrape-config.ts';

/** Scrape job for simulated engines that speak the protocol of vLLM. */
export function vllmScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-engine-vllm',
    ...discovery,
    relabel_configs: [...nodeLabel, { target_label: 'engine_kind', replacement: 'vllm' }],
  };
}
