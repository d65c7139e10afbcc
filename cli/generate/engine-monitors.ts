import { jobName, type ScrapedEngine, scrapedEngines } from './engine-jobs.ts';
import { engineRelabelling, type Relabelling } from './engine-relabel.ts';
import { toYaml } from './yaml.ts';

export interface MonitorOptions {
  /** What the `podMonitorSelector` of the Prometheus object asks for. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

/** A relabelling step as the Prometheus Operator writes it. */
export interface Relabeling {
  readonly sourceLabels?: readonly string[];
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
  readonly action?: string;
}

/** How the Prometheus Operator scrapes one port. */
export interface MonitorEndpoint {
  readonly targetPort: number;
  readonly path: string;
  readonly interval: string;
  readonly relabelings: readonly Relabeling[];
  readonly metricRelabelings: readonly Relabeling[];
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Selection {
  readonly namespaceSelector: { readonly any: true };
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
}

/** A type, not an interface, so that it may be given where a plain record is asked for. */
export type PodMonitorObject = {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PodMonitor';
  readonly metadata: Metadata;
  readonly spec: Selection & { readonly podMetricsEndpoints: readonly [MonitorEndpoint] };
};

export type ServiceMonitorObject = {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'ServiceMonitor';
  readonly metadata: Metadata;
  readonly spec: Selection & { readonly endpoints: readonly [MonitorEndpoint] };
};

/** Pods with this label, or pods behind services with it, are scraped; its value is the part of the job's name that is the engine's own. */
export const engineLabel = 'fleetlens.dev/engine';
/** Names the model of a pod whose engine does not. An annotation, because names of models hold slashes. */
export const modelAnnotation = 'fleetlens.dev/model-name';

/** The job of an engine for pods that the Prometheus Operator finds by themselves. */
export function enginePodMonitor(scraped: ScrapedEngine, options: MonitorOptions = {}): PodMonitorObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: metadataOf(scraped, options),
    spec: { ...selectionOf(scraped), podMetricsEndpoints: [endpointOf(scraped)] },
  };
}

/** The same for pods that it finds through their service. */
export function engineServiceMonitor(scraped: ScrapedEngine, options: MonitorOptions = {}): ServiceMonitorObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: metadataOf(scraped, options),
    spec: { ...selectionOf(scraped), endpoints: [endpointOf(scraped)] },
  };
}

function metadataOf(scraped: ScrapedEngine, { labels, namespace }: MonitorOptions): Metadata {
  return {
    name: jobName(scraped).replaceAll('.', '-'),
    ...(namespace && { namespace }),
    labels: { 'app.kubernetes.io/name': 'fleetlens', ...labels },
  };
}

function selectionOf({ id }: ScrapedEngine): Selection {
  return { namespaceSelector: { any: true }, selector: { matchLabels: { [engineLabel]: id } } };
}

function endpointOf(scraped: ScrapedEngine): MonitorEndpoint {
  const { engine, version } = scraped;
  return {
    targetPort: engine.port,
    path: engine.path ?? '/metrics',
    interval: '15s',
    relabelings: targetSteps(scraped).map(asOperatorWritesIt),
    metricRelabelings: engineRelabelling(engine, version).map(asOperatorWritesIt),
  };
}

function targetSteps(scraped: ScrapedEngine): readonly Relabelling[] {
  const { engine } = scraped;
  const annotation = `__meta_kubernetes_pod_annotation_${modelAnnotation.replaceAll(/[^a-zA-Z0-9]/g, '_')}`;
  return [
    { target_label: 'job', replacement: jobName(scraped) },
    { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' },
    { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'instance' },
    { target_label: 'cluster', replacement: 'my-cluster' },
    { target_label: 'engine_kind', replacement: engine.kind },
    ...(engine.modelLabels.length > 0 ? [] : [{ source_labels: [annotation], target_label: 'model_name' }]),
    { regex: 'container|endpoint|service', action: 'labeldrop' },
  ];
}

function asOperatorWritesIt({ source_labels, regex, target_label, replacement, action }: Relabelling): Relabeling {
  return {
    ...(source_labels && { sourceLabels: source_labels }),
    ...(regex !== undefined && { regex }),
    ...(target_label !== undefined && { targetLabel: target_label }),
    ...(replacement !== undefined && { replacement }),
    ...(action !== undefined && { action }),
  };
}

/** One file for each job of scrape-engines.yml, as PodMonitor and as ServiceMonitor. Who applies both scrapes twice. */
export function engineMonitorFiles(options: MonitorOptions): ReadonlyMap<string, string> {
  return new Map(
    scrapedEngines.flatMap((scraped) => {
      const name = `engine-${scraped.id}.yaml`;
      return [
        [`podmonitors/${name}`, toYaml(enginePodMonitor(scraped, options), 'metrics/engines')],
        [`servicemonitors/${name}`, toYaml(engineServiceMonitor(scraped, options), 'metrics/engines')],
      ];
    }),
  );
}
