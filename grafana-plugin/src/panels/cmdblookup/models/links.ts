import { pageUrl } from '../../../constants';
import type { Item } from '../answers/item';
import type { Place } from '../answers/place';

export type LinkTarget = 'fleet' | 'gpu' | 'cost' | 'risk' | 'inventory';

export interface DeepLink {
  readonly target: LinkTarget;
  readonly path: string;
}

/** The address of an item on the page of the inventory. */
export function itemPath(id: number): string {
  return `${pageUrl('inventory')}?item=${id}`;
}

export function searchPath(text: string): string {
  return `${pageUrl('inventory')}?${new URLSearchParams({ q: text }).toString()}`;
}

/** Boards that say more of the item. */
export function deepLinks(item: Item, { node, cluster, tenants }: Place): readonly DeepLink[] {
  const ofCluster = { ...(cluster === undefined ? {} : { 'var-cluster': cluster }) };
  const links: DeepLink[] = [];
  const add = (target: LinkTarget, uid: string, variables: Readonly<Record<string, string>>): void => {
    links.push({ target, path: `/d/${uid}?${new URLSearchParams(variables).toString()}` });
  };
  const index = item.attributes.gpu_index;
  if (item.class === 'gpu' && node !== undefined && index !== undefined)
    add('gpu', 'fleetlens-gpu-detail', { ...ofCluster, 'var-node': node, 'var-gpu': String(index) });
  if (node !== undefined) {
    add('fleet', 'fleetlens-gpu-fleet', { ...ofCluster, 'var-node': node });
    add('risk', 'fleetlens-failure-risk', { ...ofCluster, 'var-node': node });
  }
  const [tenant] = item.class === 'tenant' ? [item] : tenants;
  if (tenant !== undefined && (item.class === 'tenant' || tenants.length === 1))
    add('cost', 'fleetlens-cost-and-usage', { 'var-tenant': tenant.name });
  return links;
}
