import type { Domain } from '../alert.ts';

/** The board that shows the labels of alerts of a domain; uids are those of dashboards/boards. */
const boards: { readonly [D in Domain]?: string } = { gpu: 'fleetlens-gpu-fleet' };

/** Link to the board of a domain, set to the cluster and node of the alert, in Prometheus' template language. */
export function dashboardUrl(grafanaUrl: string, domain: Domain): string | undefined {
  const uid = boards[domain];
  if (uid === undefined) return undefined;
  const variables = ['cluster', 'node'].map((name) => `var-${name}={{ $labels.${name} | urlquery }}`);
  return `${grafanaUrl.replace(/\/+$/, '')}/d/${uid}?${variables.join('&')}`;
}
