/** One job of `scrape_configs`, as far as we write them. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly [setting: string]: unknown;
}

/** Host of an address, without the brackets of IPv6 and without the port; nothing if the node is known already. */
const hostWithoutNode = ';(?:\\[([^\\]]+)\\]|([^:]+))(?::\\d+)?';

/**
 * Rules and boards group by `node`: discovery of pods knows it, other discovery may set the label, and where neither is so it is the host
 * of the address.
 */
export const nodeLabel = [
  { source_labels: ['__meta_kubernetes_pod_node_name'], regex: '(.+)', target_label: 'node' },
  { source_labels: ['node', '__address__'], regex: hostWithoutNode, target_label: 'node', replacement: '$1$2' },
] as const;

/** Labels that discovery gives to whatever runs in a pod. */
const labelsOfItsPod = 'container|endpoint|namespace|pod';

/** Scrape job for the GPU exporters. */
export function gpuScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-gpu',
    ...discovery,
    relabel_configs: nodeLabel,
  };
}

/**
 * Scrape job for the training exporters, of which there may be one for a whole cluster. Where discovery labels the exporter's own pod,
 * these labels are dropped: they would push aside those of the pods that train.
 */
export function trainingScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-training',
    ...discovery,
    relabel_configs: [...nodeLabel, { action: 'labeldrop', regex: labelsOfItsPod }],
  };
}

/** Scrape job for the inference exporters, whose own pod says nothing about the requests that they tell of. */
export function inferenceScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-inference',
    ...discovery,
    relabel_configs: [...nodeLabel, { action: 'labeldrop', regex: labelsOfItsPod }],
  };
}

/**
 * Scrape job for the CMDB. It tells of other machines, so node, rack, tenant and cluster of its series are theirs, and the target has none of
 * its own: it would get into series that are of no node.
 */
export function cmdbScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-cmdb',
    honor_labels: true,
    ...discovery,
    relabel_configs: [{ action: 'labeldrop', regex: `${labelsOfItsPod}|node|rack|tenant` }],
  };
}

/**
 * Scrape job for billing. It tells of the clusters that it meters and of tenants, so cluster and tenant of its series are theirs. What is of no
 * cluster alone, such as a bill, takes the cluster of the target.
 */
export function billingScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-billing',
    honor_labels: true,
    ...discovery,
    relabel_configs: [{ action: 'labeldrop', regex: `${labelsOfItsPod}|node|rack|tenant` }],
  };
}

/** Scrape job for failure prediction. It tells of GPUs and nodes of other machines, so cluster and node of its series are theirs. */
export function predictionScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-prediction',
    honor_labels: true,
    ...discovery,
    relabel_configs: [{ action: 'labeldrop', regex: `${labelsOfItsPod}|node|rack|tenant` }],
  };
}

/** Scrape job for the bridge. It tells of robots, which are of no node: that of its own pod would make other series of it after each move. */
export function bridgeScrapeJob(discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  return {
    job_name: 'fleetlens-bridge',
    ...discovery,
    relabel_configs: [{ action: 'labeldrop', regex: `${labelsOfItsPod}|node|rack|tenant` }],
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
      trainingScrapeJob({
        scrape_interval: '15s',
        static_configs: [{ targets: ['gpu-node-1:9410', 'gpu-node-2:9410'], labels: { cluster: 'my-cluster' } }],
      }),
      inferenceScrapeJob({
        scrape_interval: '15s',
        static_configs: [{ targets: ['llm-gateway:9411'], labels: { cluster: 'my-cluster' } }],
      }),
      cmdbScrapeJob({
        scrape_interval: '30s',
        static_configs: [{ targets: ['cmdb:9412'], labels: { cluster: 'my-cluster' } }],
      }),
      billingScrapeJob({
        scrape_interval: '30s',
        static_configs: [{ targets: ['billing:9413'], labels: { cluster: 'my-cluster' } }],
      }),
      predictionScrapeJob({
        scrape_interval: '30s',
        static_configs: [{ targets: ['prediction:9414'], labels: { cluster: 'my-cluster' } }],
      }),
      bridgeScrapeJob({
        scrape_interval: '30s',
        static_configs: [{ targets: ['bridge:9416'], labels: { cluster: 'my-cluster' } }],
      }),
    ],
  };
}
