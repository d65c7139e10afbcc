import { APP_URL, pageUrl } from '../../constants';

/** Keys of an address that a reader takes along to another page: when, from which Prometheus, and the clusters that were chosen. */
export const CARRIED = ['from', 'to', 'timezone', 'var-datasource', 'var-cluster'];

export type Target =
  | { readonly to: 'rack'; readonly rack: string }
  | { readonly to: 'node'; readonly node: string }
  | { readonly to: 'gpu'; readonly uuid: string }
  | { readonly to: 'job'; readonly namespace: string; readonly pod: string }
  | { readonly to: 'hot-spots' }
  | { readonly to: 'run'; readonly run: string }
  | { readonly to: 'model'; readonly model: string }
  | { readonly to: 'serving-tenant'; readonly tenant: string }
  | { readonly to: 'risk'; readonly uuid?: string }
  | { readonly to: 'inventory'; readonly q: string }
  | { readonly to: 'cost'; readonly tenant?: string }
  | { readonly to: 'alerts'; readonly search?: string };

/** Where a link leads, with what is carried along from the search part of the present address. */
export function linkTo(target: Target, search: string): string {
  const { path, params = {} } = placeOf(target);
  const query = new URLSearchParams(carried(search));
  for (const [name, value] of Object.entries(params)) if (value !== undefined) query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

interface Place {
  readonly path: string;
  readonly params?: Readonly<Record<string, string | undefined>>;
}

function placeOf(target: Target): Place {
  switch (target.to) {
    case 'rack':
      return { path: below('fleet/rack', target.rack) };
    case 'node':
      return { path: below('fleet/node', target.node) };
    case 'gpu':
      return { path: below('fleet/gpu', target.uuid) };
    case 'job':
      return { path: `${below('fleet/job', target.namespace)}/${encodeURIComponent(target.pod)}` };
    case 'hot-spots':
      return { path: `${pageUrl('fleet')}/hot-spots` };
    case 'run':
      return { path: `${pageUrl('training')}/run`, params: { 'var-run': target.run } };
    case 'model':
      return { path: `${pageUrl('serving')}/model`, params: { 'var-model_name': target.model } };
    case 'serving-tenant':
      return { path: `${pageUrl('serving')}/tenant`, params: { 'var-tenant': target.tenant } };
    case 'risk':
      return { path: pageUrl('risk'), params: { gpu: target.uuid } };
    case 'inventory':
      return { path: pageUrl('inventory'), params: { q: target.q } };
    case 'cost':
      return { path: pageUrl('cost'), params: { 'var-tenant': target.tenant } };
    case 'alerts':
      return { path: pageUrl('alerts'), params: { search: target.search } };
  }
}

function below(path: string, id: string): string {
  return `${APP_URL}/${path}/${encodeURIComponent(id)}`;
}

function carried(search: string): string[][] {
  return [...new URLSearchParams(search)].filter(([name]) => CARRIED.includes(name));
}
