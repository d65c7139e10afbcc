import { cells, defineBoard } from '../board.ts';
import { billingUsagePanels as usage } from '../panels/billing-usage.ts';
import { inferencePanels as serving } from '../panels/inference.ts';
import { inferenceCapacityPanels as capacity } from '../panels/inference-capacity.ts';
import { inferenceExporterPanels as exporter } from '../panels/inference-exporter.ts';
import { inferenceLatencyPanels as latency } from '../panels/inference-latency.ts';
import { inferenceObjectivePanels as objectives } from '../panels/inference-objectives.ts';
import { inferenceRequestPanels as requests } from '../panels/inference-requests.ts';
import { inferenceTenantPanels as tenants } from '../panels/inference-tenants.ts';
import { inferenceUpstreamPanels as upstreams } from '../panels/inference-upstreams.ts';
import { clusterModelTenant } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-llm-serving',
  title: 'LLM serving',
  description:
    'Are requests answered, fast enough, for whom, and what holds them up? From all models down to one model and one tenant.',
  audience: 'whoever serves models and their tenants',
  layers: ['application'],
  tags: ['fleetlens', 'inference'],
  from: 'now-3h',
  variables: clusterModelTenant,
  next: [
    {
      uid: 'fleetlens-service-levels',
      title: 'Service levels',
      asks: 'What was promised, and how much of the error budgets is left?',
    },
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
    { uid: 'fleetlens-cost-and-usage', title: 'Cost and usage', asks: 'What does it cost, and whom?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: cells(
        4,
        serving.requests,
        serving.failing,
        serving.firstToken,
        serving.tokens,
        serving.upstreamsDown,
        serving.firing,
      ),
    },
    { title: 'What needs attention', cells: cells(12, serving.alerts, objectives.budgets) },
    { title: 'Models', cells: cells(24, serving.models) },
    {
      title: 'Requests to the chosen models',
      cells: cells(12, requests.rate, requests.errorRatio, requests.endings, requests.reasons),
    },
    {
      title: 'Latency of the chosen models',
      cells: cells(12, latency.firstToken, latency.perToken),
    },
    {
      title: 'More about latency',
      collapsed: true,
      cells: cells(12, latency.duration, latency.durations, latency.betweenTokens, latency.queue),
    },
    {
      title: 'Load of the chosen models',
      collapsed: true,
      cells: [
        ...cells(12, requests.input, requests.generated, capacity.running, capacity.waiting),
        ...cells(8, capacity.kvCache, capacity.cacheHits, capacity.preemptions),
        ...cells(24, serving.replicas),
      ],
    },
    {
      title: 'Chosen tenants',
      collapsed: true,
      cells: [
        ...cells(24, tenants.tenants),
        ...cells(12, tenants.requests, tenants.rejected, tenants.tokens, tenants.prompts),
        ...cells(24, tenants.budgets),
        ...cells(24, usage.tokens),
      ],
    },
    {
      title: 'Objectives and quality',
      collapsed: true,
      cells: cells(12, objectives.burn, objectives.missed, objectives.promises, objectives.quality),
    },
    {
      title: 'Upstreams of the proxy',
      collapsed: true,
      cells: [
        ...cells(24, upstreams.upstreams),
        ...cells(12, upstreams.load, upstreams.outcomes, upstreams.retries, upstreams.ejections),
      ],
    },
    {
      title: 'Inference exporters',
      collapsed: true,
      cells: [
        ...cells(6, exporter.exportersDown, exporter.enginesDown, exporter.enginesSilent, exporter.keys),
        ...cells(12, exporter.uncounted, exporter.estimated, exporter.malformed, exporter.collapsed),
        ...cells(12, exporter.connections, exporter.bytes, exporter.cpu, exporter.memory),
        ...cells(24, exporter.versions),
      ],
    },
  ],
});
