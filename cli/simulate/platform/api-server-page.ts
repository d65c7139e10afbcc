import { apiServer } from '../../../metrics/vendors/kube-apiserver.ts';
import { createFlow, type Flow } from './flow.ts';
import { familyOf, lineOf, type PageFamily, pageOf } from './page.ts';

interface Requests {
  readonly verb: string;
  readonly code: string;
  readonly resource: string;
  readonly flow: Flow;
  /** Time that half of the answers take at most. */
  readonly medianSeconds: number;
}

export interface ApiServerWork {
  readonly requests: readonly Requests[];
  readonly sinceSeconds: number;
}

/** Requests a second, and some more for each node, whose kubelet asks too. */
const kinds = [
  { verb: 'GET', code: '200', resource: 'pods', base: 6, perNode: 0.6, medianSeconds: 0.004 },
  { verb: 'GET', code: '404', resource: 'configmaps', base: 0.3, perNode: 0, medianSeconds: 0.003 },
  { verb: 'LIST', code: '200', resource: 'pods', base: 1.2, perNode: 0.05, medianSeconds: 0.02 },
  { verb: 'PATCH', code: '200', resource: 'nodes', base: 0.2, perNode: 0.1, medianSeconds: 0.009 },
  { verb: 'PUT', code: '200', resource: 'leases', base: 3, perNode: 0.1, medianSeconds: 0.007 },
  { verb: 'PUT', code: '409', resource: 'leases', base: 0.04, perNode: 0, medianSeconds: 0.005 },
  { verb: 'POST', code: '201', resource: 'events', base: 0.8, perNode: 0.02, medianSeconds: 0.008 },
  { verb: 'DELETE', code: '200', resource: 'pods', base: 0.1, perNode: 0.01, medianSeconds: 0.011 },
  { verb: 'WATCH', code: '200', resource: 'pods', base: 0.6, perNode: 0.02, medianSeconds: 300 },
] as const;

/** Bounds of the real histogram. */
const bounds = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60] as const;

export function apiServerWork(
  { seed, nodes }: { readonly seed: number; readonly nodes: number },
  nowSeconds: number,
): ApiServerWork {
  const requests = kinds.map(({ verb, code, resource, base, perNode, medianSeconds }, number) => {
    const flow = createFlow({ mean: base + perNode * nodes, swing: 0.35, keys: [seed, number, 97] });
    return { verb, code, resource, medianSeconds, flow };
  });
  return { requests, sinceSeconds: Math.floor(nowSeconds) - 900_000 };
}

/** What the API server would show of the requests to it. */
export function apiServerPage({ requests, sinceSeconds }: ApiServerWork, atSeconds: number): string {
  const count = ({ flow }: Requests): number => Math.floor(flow.totalAt(atSeconds, sinceSeconds));
  const of = { component: 'apiserver', group: '', scope: 'resource', subresource: '', version: 'v1' } as const;
  const total = familyOf(
    apiServer.apiserver_request_total.name,
    'counter',
    requests.map((each) => [{ ...of, code: each.code, resource: each.resource, verb: each.verb }, count(each)]),
  );
  return pageOf([total, durations(requests, count)]);
}

/** Watches have none here, as in the real one. */
function durations(requests: readonly Requests[], count: (of: Requests) => number): PageFamily {
  const { name, help } = apiServer.apiserver_request_sli_duration_seconds;
  const lines = requests
    .filter(({ verb, code }) => verb !== 'WATCH' && code.startsWith('2'))
    .map((each) => {
      const of = { component: 'apiserver', resource: each.resource, verb: each.verb };
      const all = count(each);
      const below = (bound: number): number => Math.floor(all * (1 - 0.5 ** ((bound / each.medianSeconds) ** 0.7)));
      return [
        ...bounds.map((bound) => lineOf(`${name}_bucket`, { ...of, le: String(bound) }, below(bound))),
        lineOf(`${name}_bucket`, { ...of, le: '+Inf' }, all),
        lineOf(`${name}_sum`, of, Math.round(all * each.medianSeconds * 1.6 * 1000) / 1000),
        lineOf(`${name}_count`, of, all),
      ].join('');
    });
  return { name, type: 'histogram', help, lines: lines.join('') };
}
