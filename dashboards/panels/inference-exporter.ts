import { processes, prometheus } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { inference } from '../../metrics/inference.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { inferenceJob, noneIsBetter, noneIsGood, onClusters, onTenants, orZero } from './scope.ts';

const scraped = select(prometheus.up, inferenceJob);
const engineScraped = select(prometheus.up, { ...onClusters, job: { re: 'fleetlens-engine-.*' } });
const engineUp = promql`max by (cluster, engine_kind, engine) (${select(inference.inference_engine_up, onClusters)})`;
const noExporter = 'No exporter';

/** The way of a number from the request: proxy or engine, exporter, scrape. */
export const inferenceExporterPanels = definePanels('inference-exporter', {
  exportersDown: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Inference exporters down',
    description:
      'How many inference exporters are down? Targets of the scrape job "fleetlens-inference" that Prometheus could not scrape. Where they are the proxy, requests fail too.',
    unit: 'count',
    queries: [{ expr: promql`count(${scraped}) - sum(${scraped})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noExporter,
  },
  enginesDown: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Engines not scraped',
    description:
      'How many engines cannot be scraped? Targets of the scrape jobs "fleetlens-engine-…" that Prometheus could not scrape.',
    unit: 'count',
    queries: [{ expr: promql`count(${engineScraped}) - sum(${engineScraped})`, legend: 'down' }],
    levels: noneIsBetter,
    noValue: 'No engine is scraped',
  },
  enginesSilent: {
    visual: 'stat',
    metric: inference.inference_engine_up,
    title: 'Engines without metrics',
    description: `How many engines give no metrics to the exporter? Engines that the exporter itself looks at. ${inference.inference_engine_up.help}`,
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${engineUp} == 0)`, engineUp), legend: 'silent' }],
    levels: noneIsBetter,
    noValue: 'It looks at none',
  },
  keys: {
    visual: 'stat',
    metric: inference.inference_proxy_keys,
    title: 'API keys known',
    description: `How many API keys are known? ${inference.inference_proxy_keys.help} The proxy that knows most.`,
    unit: 'count',
    queries: [{ expr: promql`max(${select(inference.inference_proxy_keys, onClusters)})`, legend: 'keys' }],
    noValue: 'No proxy',
  },
  connections: {
    visual: 'timeseries',
    metric: inference.inference_proxy_client_connections,
    title: 'How many connections do clients hold?',
    description: inference.inference_proxy_client_connections.help,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (instance) (${select(inference.inference_proxy_client_connections, onClusters)}))`,
        legend: '{{instance}}',
      },
    ],
    noValue: 'No proxy',
  },
  bytes: {
    visual: 'timeseries',
    metric: inference.inference_response_bytes_total,
    title: 'How much goes through the proxy?',
    description: 'Bytes of requests and answers, without headers.',
    unit: 'bytes_per_second',
    queries: [
      {
        expr: promql`sum(rate(${select(inference.inference_request_bytes_total, { ...onClusters, engine_kind: 'proxy' })}[$__rate_interval]))`,
        legend: 'requests',
      },
      {
        expr: promql`sum(rate(${select(inference.inference_response_bytes_total, { ...onClusters, engine_kind: 'proxy' })}[$__rate_interval]))`,
        legend: 'answers',
      },
    ],
    noValue: 'No proxy',
  },
  uncounted: {
    visual: 'timeseries',
    metric: inference.inference_usage_missing_total,
    title: 'Which answers came without usage?',
    description: inference.inference_usage_missing_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (model_name, reason) (increase(${select(inference.inference_usage_missing_total, onTenants)}[$__rate_interval])) > 0)`,
        legend: '{{model_name}} {{reason}}',
      },
    ],
    draw: 'bars',
    noValue: 'None',
  },
  estimated: {
    visual: 'timeseries',
    metric: inference.inference_tokens_estimated_total,
    title: 'How many tokens are estimated?',
    description: inference.inference_tokens_estimated_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (model_name) (increase(${select(inference.inference_tokens_estimated_total, onTenants)}[$__rate_interval])) > 0)`,
        legend: '{{model_name}}',
      },
    ],
    draw: 'bars',
    noValue: 'None',
  },
  malformed: {
    visual: 'timeseries',
    metric: inference.inference_proxy_malformed_total,
    title: 'What could not be understood?',
    description: inference.inference_proxy_malformed_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (kind) (increase(${select(inference.inference_proxy_malformed_total, onClusters)}[$__rate_interval])) > 0`,
        legend: '{{kind}}',
      },
    ],
    draw: 'bars',
    noValue: 'Nothing',
  },
  collapsed: {
    visual: 'timeseries',
    metric: inference.inference_proxy_collapsed_total,
    title: 'What is shown under a common name?',
    description: inference.inference_proxy_collapsed_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (label) (increase(${select(inference.inference_proxy_collapsed_total, onClusters)}[$__rate_interval])) > 0`,
        legend: '{{label}}',
      },
    ],
    draw: 'bars',
    noValue: 'Nothing',
  },
  cpu: {
    visual: 'timeseries',
    metric: processes.process_cpu_seconds_total,
    title: 'How much CPU do the exporters use?',
    description: 'Share of one core. A proxy has one thread for all requests: near 100 % it slows them down.',
    unit: 'ratio',
    queries: [
      {
        expr: promql`topk(16, sum by (instance) (rate(${select(processes.process_cpu_seconds_total, inferenceJob)}[$__rate_interval])))`,
        legend: '{{instance}}',
      },
    ],
    noValue: noExporter,
  },
  memory: {
    visual: 'timeseries',
    metric: processes.process_resident_memory_bytes,
    title: 'How much memory do the exporters use?',
    description: processes.process_resident_memory_bytes.help,
    queries: [
      {
        expr: promql`topk(16, sum by (instance) (${select(processes.process_resident_memory_bytes, inferenceJob)}))`,
        legend: '{{instance}}',
      },
    ],
    noValue: noExporter,
  },
  versions: {
    visual: 'table',
    metric: fleetlens.fleetlens_build_info,
    title: 'Which versions of the inference exporter run?',
    description: fleetlens.fleetlens_build_info.help,
    keys: [
      ['cluster', 'Cluster'],
      ['version', 'Version'],
      ['nodejs', 'Node.js'],
    ],
    columns: [
      {
        heading: 'Exporters',
        unit: 'count',
        expr: promql`count by (cluster, version, nodejs) (${select(fleetlens.fleetlens_build_info, { ...onClusters, daemon: 'inference' })})`,
      },
    ],
    sortBy: ['Exporters', 'largest'],
    noValue: noExporter,
  },
});
