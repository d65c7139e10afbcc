import type { Page, Route } from '@playwright/test';

export interface MadeUpFleet {
  readonly gpus: number;
  /** Of the sample with this number; its number itself, from 0 to 1, without it. */
  readonly value?: (index: number) => string;
  /** Names of labels that these series have instead of the usual ones. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const gpusOfNode = 8;
const nodesOfRack = 16;
const most = 50;

/**
 * A Prometheus whose answers have as many series as a fleet of this size gives: one for each GPU where a query groups by GPUs, one for each node
 * where it groups by nodes. It reads of a query what it groups by and the number in `topk`, and no more.
 */
export async function answerAsFleet(page: Page, fleet: MadeUpFleet): Promise<void> {
  await page.route(/\/api\/prom\/api\/v1\/label\//, (route) => route.fulfill({ json: answer(valuesOf(route, fleet)) }));
  await page.route(/\/api\/prom\/api\/v1\/query/, (route) => {
    const asked = new URLSearchParams(route.request().postData() ?? '');
    const series = seriesOf(asked.get('query') ?? '', fleet);
    const isRange = route.request().url().includes('query_range');
    const times = isRange ? ['start', 'end'].map((name) => Number(asked.get(name))) : [Number(asked.get('time'))];
    const result = series.map((metric, index) => {
      const value = fleet.value?.(index) ?? String((index % 100) / 100);
      const samples = times.map((time) => [time, value] as const);
      return isRange ? { metric, values: samples } : { metric, value: samples[0] };
    });
    return route.fulfill({ json: answer({ resultType: isRange ? 'matrix' : 'vector', result }) });
  });
}

function answer(data: unknown) {
  return { status: 'success', data };
}

function valuesOf(route: Route, { gpus }: MadeUpFleet): readonly string[] {
  const [, name = ''] = /\/label\/(\w+)\/values/.exec(route.request().url()) ?? [];
  const step = gpusOfEach([name]) || 1;
  return Array.from({ length: countOf([name], gpus) }, (_, index) => labelOf(name, index * step));
}

function seriesOf(query: string, { gpus, renamed = {} }: MadeUpFleet): readonly Readonly<Record<string, string>>[] {
  const [, grouped = ''] = /\bby ?\(([^)]*)\)/.exec(query) ?? [];
  const names = grouped.split(',').map((name) => name.trim());
  const [, top = String(gpus)] = /(?:topk|bottomk)\((\d+)/.exec(query) ?? [];
  const [, metric = ''] = /(\w+)\{/.exec(query) ?? [];
  const labels = names.filter((name) => name !== '');
  const step = gpusOfEach(labels) || 1;
  return Array.from({ length: Math.min(Number(top), countOf(labels, gpus)) }, (_, index) =>
    Object.fromEntries(
      labels.map((name) => [renamed[name] ?? name, name === '__name__' ? metric : labelOf(name, index * step)]),
    ),
  );
}

function countOf(labels: readonly string[], gpus: number): number {
  if (labels.some((name) => ['cluster', 'severity', 'currency'].includes(name)) && labels.length === 1) return 2;
  const each = gpusOfEach(labels);
  return each > 0 ? Math.ceil(gpus / each) : labels.length === 0 ? 1 : most;
}

/** How many GPUs one series stands for, by the finest of its labels; 0 for what has to do with none. */
function gpusOfEach(labels: readonly string[]): number {
  const has = (...names: readonly string[]): boolean => names.some((name) => labels.includes(name));
  if (has('uuid', 'gpu_id', 'pod')) return 1;
  if (has('node', 'instance')) return gpusOfNode;
  return has('rack') ? gpusOfNode * nodesOfRack : 0;
}

const made: Readonly<Record<string, (index: number) => string>> = {
  cluster: () => 'made-up',
  uuid: (index) => `GPU-${String(index).padStart(8, '0')}`,
  gpu_id: (index) => String(index % gpusOfNode),
  node: (index) => `node-${Math.floor(index / gpusOfNode)}`,
  rack: (index) => `rack-${Math.floor(index / gpusOfNode / nodesOfRack)}`,
  horizon: (index) => ['24h', '7d', '30d'][index % 3] ?? '7d',
  severity: (index) => ['critical', 'warning'][index % 2] ?? 'warning',
  currency: () => 'EUR',
  layer: () => 'learned',
};

function labelOf(name: string, index: number): string {
  return made[name]?.(index) ?? `${name}-${index % most}`;
}
