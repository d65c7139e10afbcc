import { hostname } from 'node:os';
import type { Site } from '../../alertmanager/site.ts';
import { vllm } from '../../metrics/engines/vllm.ts';
import { engineScrapeJob, type ScrapedEngine } from '../generate/engine-jobs.ts';
import {
  billingScrapeJob,
  cmdbScrapeJob,
  gpuScrapeJob,
  inferenceScrapeJob,
  predictionScrapeJob,
  type ScrapeJob,
  trainingScrapeJob,
} from '../generate/scrape-config.ts';
import { simulatedCluster, simulatedClusterName } from '../simulate/cluster.ts';
import type { RunningEngine } from '../simulate/inference/engine/start-engine.ts';
import { platformScrapeJobs } from './platform-targets.ts';
import type { Ports } from './ports.ts';
import type { TargetGroup } from './target-group.ts';

/** Short, so that a newcomer does not wait; production scrapes every 15 to 30 s. */
const intervalSeconds = '5s';

/** What Prometheus' file_sd takes, by exporter. */
export interface Targets {
  readonly gpu: readonly TargetGroup[];
  readonly training: readonly TargetGroup[];
  readonly inference: readonly TargetGroup[];
}

/** The nodes, and one training exporter and one inference exporter for all of them. */
export function simulatedTargets(ports: Ports, nodes: number): Targets {
  const cluster = simulatedCluster(nodes);
  return {
    gpu: cluster.nodes.map(({ name, rack }) => ({
      targets: [`127.0.0.1:${ports.gpu}`],
      labels: {
        __metrics_path__: `/nodes/${name}/metrics`,
        cluster: cluster.name,
        node: name,
        rack,
        instance: `${name}:9400`,
      },
    })),
    training: [
      {
        targets: [`127.0.0.1:${ports.training}`],
        labels: { cluster: cluster.name, node: 'sim-training', instance: 'sim-training:9410' },
      },
    ],
    inference: [
      {
        targets: [`127.0.0.1:${ports.inference}`],
        labels: { cluster: cluster.name, node: 'sim-gateway', instance: 'sim-gateway:9411' },
      },
    ],
  };
}

export function localTargets(ports: Ports, hasProxy: boolean): Targets {
  const labels = { cluster: 'local', node: hostname() };
  return {
    gpu: [{ targets: [`127.0.0.1:${ports.gpu}`], labels }],
    training: [{ targets: [`127.0.0.1:${ports.training}`], labels }],
    inference: hasProxy ? [{ targets: [`127.0.0.1:${ports.inference}`], labels }] : [],
  };
}

const vllmEngine: ScrapedEngine = { engine: vllm, version: 'present', id: 'vllm' };

/** Simulated engines that tell metrics of their own, in their pods. */
export function engineTargets(engines: readonly RunningEngine[]): readonly TargetGroup[] {
  return engines
    .filter(({ model }) => model.kind === 'vllm')
    .map(({ name, url, nodeName, namespace, podName }) => ({
      targets: [new URL(url).host],
      labels: { cluster: simulatedClusterName, node: nodeName, namespace, pod: podName, instance: `${name}:8000` },
    }));
}

/** prometheus.yml of the stack; rule and target files are seen from its folder. */
export function prometheusConfig(ports: Ports): object {
  const self = (name: string, port: number): ScrapeJob => ({
    job_name: name,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  });
  return {
    global: { scrape_interval: intervalSeconds, scrape_timeout: '4s', evaluation_interval: intervalSeconds },
    rule_files: ['rules/*.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager}`] }] }] },
    scrape_configs: [
      gpuScrapeJob({ file_sd_configs: [{ files: ['targets/gpu.json'], refresh_interval: '10s' }] }),
      trainingScrapeJob({ file_sd_configs: [{ files: ['targets/training.json'], refresh_interval: '10s' }] }),
      inferenceScrapeJob({ file_sd_configs: [{ files: ['targets/inference.json'], refresh_interval: '10s' }] }),
      engineScrapeJob(vllmEngine, {
        file_sd_configs: [{ files: ['targets/engine-vllm.json'], refresh_interval: '10s' }],
      }),
      cmdbScrapeJob({ static_configs: [{ targets: [`127.0.0.1:${ports.cmdb}`] }] }),
      billingScrapeJob({ static_configs: [{ targets: [`127.0.0.1:${ports.billing}`] }] }),
      predictionScrapeJob({ static_configs: [{ targets: [`127.0.0.1:${ports.prediction}`] }] }),
      ...platformScrapeJobs,
      self('prometheus', ports.prometheus),
      self('alertmanager', ports.alertmanager),
    ],
  };
}

/** Everything reaches the local receiver, after seconds instead of minutes. The Watchdog's heartbeat goes nowhere. */
export function localSite(ports: Ports): Site {
  return {
    receivers: { default: [{ webhook: { url: `http://127.0.0.1:${ports.receiver}/alerts` } }] },
    intervals: { group_wait: '5s', group_interval: '10s' },
    external_url: `http://127.0.0.1:${ports.alertmanager}`,
    mute: [],
  };
}
