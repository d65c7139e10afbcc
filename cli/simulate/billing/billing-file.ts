import type { Span } from '../../../exporters/billing/span.ts';
import { board } from '../../../exporters/gpu/sources/simulated/board.ts';
import { simulatedClusterName } from '../cluster.ts';
import { simulatedModels } from '../inference/simulated-models.ts';

export interface BillingFileSettings {
  readonly prometheusUrl: string;
  /** Undefined for the GPUs of this machine. */
  readonly cluster: { readonly nodes: number; readonly gpus: number } | undefined;
  /** The past that there is; undefined for none. */
  readonly history: PastToBill | undefined;
}

export interface PastToBill {
  readonly span: Span;
  /** Between the samples of a target, in seconds. */
  readonly scrapeSeconds: number;
}

const currency = 'EUR';
const sourceName = 'prometheus';
const dayMs = 86_400_000;

/** What an operator of the stack would write: whose what is, what it costs, and how much each may spend. */
export function billingFile({ prometheusUrl, cluster, history }: BillingFileSettings): object {
  const source = {
    name: sourceName,
    url: prometheusUrl,
    cluster: cluster === undefined ? 'local' : simulatedClusterName,
    // Unless it is told so, billing takes samples this far apart for averages, and refuses them.
    ...(history !== undefined && history.scrapeSeconds >= 290 ? { scrape_interval: `${history.scrapeSeconds}s` } : {}),
  };
  const common = {
    sources: [source],
    window: windowFor(history?.span),
    delay: '20s',
    ...(history === undefined ? {} : { start: new Date(history.span.startMs).toISOString().replace('.000Z', 'Z') }),
    // While the stack starts nobody looks. A demonstration does not wait two days for what was not seen then.
    gaps: { policy: 'last_known' },
    currency,
    prices,
  };
  if (cluster === undefined) return common;
  return {
    ...common,
    system_namespaces: ['kube-system', 'gpu-operator'],
    tenants,
    splits: [inferenceSplit],
    contracts: contracts(cluster),
    idle: [{ policy: 'weighted' }],
    bills: {
      issuer: { name: 'Simulated GPU Platform', code: 'SIM', contact: 'billing@example.com' },
      min_coverage: 0.9,
    },
    budgets: budgets(cluster),
    quotas: [{ name: 'kubernetes', type: 'kubernetes', source: sourceName, resources: ['requests.nvidia.com/gpu'] }],
  };
}

/** Short enough for whoever watches, and long enough for the history to be metered within minutes. */
function windowFor(history: Span | undefined): string {
  if (history === undefined) return '1m';
  const lengthMs = history.endMs - history.startMs;
  if (lengthMs <= dayMs) return '5m';
  return lengthMs <= 7 * dayMs ? '15m' : '1h';
}

const tenants = [
  tenantOf('team-a', 'Team A', 'CC-1001', 'Europe/Berlin'),
  tenantOf('team-b', 'Team B', 'CC-1002', 'America/New_York'),
  tenantOf('research', 'Research', 'CC-1003', 'UTC'),
  tenantOf('ide-plugin', 'IDE plugin', 'CC-1004', 'UTC'),
  tenantOf('demo', 'Whoever tries it', 'CC-1005', 'UTC'),
];

/** Namespaces are called as the tenants that send to the LLMs. */
function tenantOf(name: string, title: string, costCentre: string, timeZone: string): object {
  return { name, title, cost_centre: costCentre, time_zone: timeZone, owns: [{ namespace: name }, { tenant: name }] };
}

/** The GPUs that serve LLMs are paid by those who use them most. */
const inferenceSplit = {
  namespace: 'inference',
  between: [
    { tenant: 'team-a', share: '1/2' },
    { tenant: 'research', share: '1/4' },
    { tenant: 'ide-plugin', share: '1/4' },
  ],
};

const prices = [
  { meter: 'gpu_time', unit: 'GPU hour', price: '2.80', idle_price: '1.40' },
  ...[
    ['1g.10gb', '0.45'],
    ['1g.20gb', '0.60'],
    ['2g.20gb', '0.85'],
    ['3g.40gb', '1.30'],
    ['4g.40gb', '1.65'],
  ].map(([profile, price]) => ({
    meter: 'gpu_time',
    sku: `${board.model} MIG ${profile}`,
    unit: 'GPU hour',
    price,
    idle_price: '0.30',
  })),
  // Counted, and in the price of the GPU.
  { meter: 'gpu_energy', unit: 'kWh', price: '0' },
  { meter: 'cpu_time', unit: 'core hour', price: '0.012' },
  { meter: 'memory', unit: 'GB hour', price: '0.0016' },
  { meter: 'storage', sku: 'fast', unit: 'GB hour', price: '0.0002' },
  { meter: 'storage', unit: 'GB hour', price: '0.00005' },
  ...simulatedModels.flatMap(({ name, kind }) => [
    { meter: 'llm_tokens_input', sku: name, unit: 'million tokens', price: kind === 'ollama' ? '0.08' : '0.20' },
    {
      meter: 'llm_tokens_output',
      sku: name,
      unit: 'million tokens',
      model: 'graduated',
      tiers: [
        { up_to: 10, price: kind === 'ollama' ? '0.24' : '0.60' },
        { price: kind === 'ollama' ? '0.16' : '0.40' },
      ],
    },
  ]),
  { meter: 'llm_tokens_input', unit: 'million tokens', price: '0.20' },
  { meter: 'llm_tokens_output', unit: 'million tokens', price: '0.60' },
  { meter: 'llm_requests', unit: 'thousand requests', price: '0' },
];

interface Fleet {
  readonly nodes: number;
  readonly gpus: number;
}

/** Team A has a quarter of the GPUs for itself, and Team B a discount and a credit to begin with. */
function contracts({ nodes, gpus }: Fleet): readonly object[] {
  return [
    {
      name: 'Team A',
      tenants: ['team-a'],
      commitments: [
        { name: 'reserved GPUs', meter: 'gpu_time', reserved: Math.max(1, (nodes * gpus) / 4), price: '2.10' },
      ],
    },
    {
      name: 'Team B',
      tenants: ['team-b'],
      discounts: [{ meter: 'gpu_time', percent: '10' }],
      credits: [{ name: 'welcome', amount: '500.00' }],
    },
    { name: 'Research', tenants: ['research'], free: [{ meter: 'gpu_time', quantity: 100 }] },
  ];
}

/** By the number of GPUs, so that some are exceeded in any fleet. */
function budgets({ nodes, gpus }: Fleet): readonly object[] {
  return [
    { name: 'Team A', tenant: 'team-a', amount: nodes * gpus * 1000 },
    { name: 'Team B', tenant: 'team-b', amount: nodes * gpus * 400 },
    { name: 'Research', tenant: 'research', amount: nodes * gpus * 300 },
    { name: 'IDE plugin', tenant: 'ide-plugin', meters: ['llm_tokens_input', 'llm_tokens_output'], amount: 50 },
  ];
}
