import { APP_URL } from '../../../constants';
import type { RiskRow } from '../rows/risk-row';

/** The board of one GPU; its variable `gpu` is the index on the node. */
export function gpuBoardUrl({ cluster, node, gpuIndex }: Pick<RiskRow, 'cluster' | 'node' | 'gpuIndex'>): string {
  const values: Array<[string, string]> = [
    ['var-cluster', cluster],
    ['var-node', node],
  ];
  if (gpuIndex !== undefined) values.push(['var-gpu', String(gpuIndex)]);
  return `/d/fleetlens-gpu-detail?${new URLSearchParams(values)}`;
}

export function inventoryUrl({ uuid }: Pick<RiskRow, 'uuid'>): string {
  return `${APP_URL}/inventory?${new URLSearchParams({ q: uuid })}`;
}

/** The page of an alert, where somebody has said where such pages are. Anything but http or a path is no address. */
export function runbookUrl(base: string, alert: string): string | undefined {
  const address = base.trim();
  if (!/^(https?:\/\/|\/)/.test(address)) return undefined;
  return `${address.endsWith('/') ? address : `${address}/`}${alert}.md`;
}
