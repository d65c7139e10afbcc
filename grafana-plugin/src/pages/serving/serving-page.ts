import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/llm-serving.json';
import { pageUrl } from '../../constants';
import { boardPanel } from '../../scenes/board-panel';
import { type PageSections, pageSections } from '../../scenes/PageSections';
import { readingsView } from '../../scenes/ReadingsView';
import { titled } from '../../scenes/titled';
import { boardTabs } from '../board-tabs';
import { CARRIED } from '../links/page-links';
import { ModelList } from './ModelList';
import { modelQueries } from './model-queries';

const kept = [...CARRIED, 'var-engine_kind', 'var-model_name', 'var-tenant'];

/** Are requests answered, fast enough, for whom? From all models down to one model and one tenant. */
export function servingPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.serving', 'LLM serving'),
    url: pageUrl('serving'),
    routePath: 'serving/*',
    preserveUrlKeys: kept,
    tabs: boardTabs(board, 'serving', kept, [
      { routePath: '/', title: t('serving.tab.models', 'All models'), body: overview },
      { routePath: 'model', title: t('serving.tab.model', 'Latency and load'), body: models },
      { routePath: 'tenant', title: t('serving.tab.tenants', 'Tenants'), body: tenants },
      { routePath: 'engines', title: t('serving.tab.engines', 'Engines and proxy'), body: engines },
    ]),
  });
}

const panels = (...keys: string[]) => keys.map((key) => boardPanel(board, key));

function overview(): PageSections {
  const figure = (key: string, title: string) => titled(boardPanel(board, key), title);
  return pageSections(
    {
      leastWidth: 150,
      height: 110,
      items: [
        figure('inference/requests', t('serving.figure.requests', 'Requests/s')),
        figure('inference/failing', t('serving.figure.failing', 'Worst error share')),
        figure('inference/firstToken', t('serving.figure.firstToken', 'Worst first token')),
        figure('inference/tokens', t('serving.figure.tokens', 'Tokens/s')),
        figure('inference/upstreamsDown', t('serving.figure.upstreamsDown', 'Upstreams out')),
        figure('inference/firing', t('serving.figure.firing', 'Alerts firing')),
      ],
    },
    { title: t('serving.models', 'Models'), items: [readingsView(modelQueries, ModelList)] },
    { leastWidth: 480, height: 300, items: panels('inference/alerts', 'inference-objectives/budgets') },
    { leastWidth: 480, height: 280, items: panels('inference-requests/rate', 'inference-requests/errorRatio') },
  );
}

function models(): PageSections {
  return pageSections(
    {
      title: t('serving.latency', 'Latency'),
      leastWidth: 480,
      height: 280,
      items: panels(
        'inference-latency/firstToken',
        'inference-latency/perToken',
        'inference-latency/duration',
        'inference-latency/durations',
        'inference-latency/betweenTokens',
        'inference-latency/queue',
      ),
    },
    {
      title: t('serving.errors', 'Requests and errors'),
      leastWidth: 480,
      height: 280,
      items: panels(
        'inference-requests/rate',
        'inference-requests/errorRatio',
        'inference-requests/endings',
        'inference-requests/reasons',
      ),
    },
    {
      title: t('serving.load', 'Tokens, queue and cache'),
      leastWidth: 480,
      height: 280,
      items: panels(
        'inference-requests/input',
        'inference-requests/generated',
        'inference-capacity/running',
        'inference-capacity/waiting',
        'inference-capacity/kvCache',
        'inference-capacity/cacheHits',
        'inference-capacity/preemptions',
      ),
    },
  );
}

function tenants(): PageSections {
  return pageSections(
    { title: t('serving.tenants', 'Tenants'), height: 320, items: panels('inference-tenants/tenants') },
    {
      leastWidth: 480,
      height: 280,
      items: panels(
        'inference-tenants/requests',
        'inference-tenants/rejected',
        'inference-tenants/tokens',
        'inference-tenants/prompts',
      ),
    },
    {
      title: t('serving.budgets', 'Budgets'),
      height: 280,
      items: panels('inference-tenants/budgets', 'billing-usage/tokens'),
    },
  );
}

function engines(): PageSections {
  return pageSections(
    { title: t('serving.replicas', 'Replicas'), height: 320, items: panels('inference/replicas') },
    {
      title: t('serving.upstreams', 'Upstreams of the proxy'),
      height: 300,
      items: panels('inference-upstreams/upstreams'),
    },
    {
      leastWidth: 480,
      height: 280,
      items: panels(
        'inference-upstreams/load',
        'inference-upstreams/outcomes',
        'inference-upstreams/retries',
        'inference-upstreams/ejections',
      ),
    },
    {
      title: t('serving.exporters', 'Inference exporters'),
      isClosed: true,
      leastWidth: 240,
      height: 140,
      items: panels(
        'inference-exporter/exportersDown',
        'inference-exporter/enginesDown',
        'inference-exporter/enginesSilent',
        'inference-exporter/keys',
      ),
    },
    {
      title: t('serving.objectives', 'Objectives and quality'),
      isClosed: true,
      leastWidth: 480,
      height: 280,
      items: panels(
        'inference-objectives/burn',
        'inference-objectives/missed',
        'inference-objectives/promises',
        'inference-objectives/quality',
      ),
    },
  );
}
