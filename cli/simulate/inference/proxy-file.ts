import type { SimulatedEngine } from './simulated-engines.ts';
import type { SimulatedTenant } from './simulated-tenants.ts';

/** What an operator would write into the file of the proxy. */
export function proxyFile(
  engines: readonly (SimulatedEngine & { readonly url: string })[],
  tenants: readonly SimulatedTenant[],
): object {
  return {
    upstreams: engines.map(({ name, url, model }) => ({ name, url, kind: model.kind })),
    models: [...new Set(engines.map(({ model }) => model.name))],
    tenants: Object.fromEntries(tenants.map(({ name, limits }) => [name, limits])),
  };
}
