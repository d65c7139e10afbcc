import type { ScrapeJob } from '../generate/scrape-config.ts';
import { type SimulatedCluster, type SimulatedNode, simulatedCluster } from '../simulate/cluster.ts';
import { simulatedNodeAddress } from '../simulate/kubernetes/simulated-nodes.ts';
import { platformPaths } from '../simulate/platform/start-simulated-platform.ts';
import type { TargetGroup } from './target-group.ts';

/** Jobs of the exporters of others, by the names that our rules and guides have for them. */
export const platformJobs = {
  node: 'node',
  kubelet: 'kubelet',
  kubeState: 'kube-state-metrics',
  apiServer: 'apiserver',
  kueue: 'kueue',
} as const;

type Exporter = keyof typeof platformJobs;

/** A server has some hundred CPUs. Rules and boards go by the time in which they are idle, so the other modes are not kept. */
const idleOnly = [
  {
    source_labels: ['__name__', 'mode'],
    regex: 'node_cpu_seconds_total;(iowait|irq|nice|softirq|steal|system|user)',
    action: 'drop',
  },
] as const;

export const platformScrapeJobs: readonly ScrapeJob[] = [
  { ...jobOf('node'), metric_relabel_configs: idleOnly },
  // These tell of nodes and namespaces themselves.
  { ...jobOf('kubelet'), honor_labels: true },
  { ...jobOf('kubeState'), honor_labels: true },
  jobOf('apiServer'),
  jobOf('kueue'),
];

function jobOf(exporter: Exporter): ScrapeJob {
  return {
    job_name: platformJobs[exporter],
    file_sd_configs: [{ files: [`targets/${fileOf(exporter)}.json`], refresh_interval: '10s' }],
  };
}

function fileOf(exporter: Exporter): string {
  return `platform-${platformJobs[exporter]}`;
}

/** By name of the file; none without a simulated platform. Instances are named as in a real cluster. */
export function platformTargets(
  url: string | undefined,
  fleet: { readonly nodes: number } | undefined,
): Readonly<Record<string, readonly TargetGroup[]>> {
  const groups = url === undefined || fleet === undefined ? undefined : groupsOf(url, simulatedCluster(fleet.nodes));
  const exporters: readonly Exporter[] = ['node', 'kubelet', 'kubeState', 'apiServer', 'kueue'];
  return Object.fromEntries(exporters.map((exporter) => [fileOf(exporter), groups?.[exporter] ?? []]));
}

function groupsOf(
  url: string,
  { name: cluster, nodes }: SimulatedCluster,
): Readonly<Record<Exporter, readonly TargetGroup[]>> {
  const targets = [new URL(url).host];
  const at = (path: string, instance: string, more: TargetGroup['labels'] = {}): TargetGroup => ({
    targets,
    labels: { __metrics_path__: path, cluster, instance, ...more },
  });
  const eachNode = (group: (node: SimulatedNode, address: string) => TargetGroup): readonly TargetGroup[] =>
    nodes.map((node, number) => group(node, simulatedNodeAddress(number)));
  return {
    node: eachNode(({ name, rack }, address) => at(platformPaths.node(name), `${address}:9100`, { node: name, rack })),
    kubelet: eachNode(({ name }, address) => at(platformPaths.kubelet(name), `${address}:10250`)),
    kubeState: [at(platformPaths.kubeState, 'kube-state-metrics:8080')],
    apiServer: [at(platformPaths.apiServer, 'sim-control-1:6443')],
    kueue: [at(platformPaths.kueue, 'kueue-controller:8443')],
  };
}
