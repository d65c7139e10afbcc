import { APP_ID } from '../constants';

/** What the app asks beside Prometheus. Each has a route in plugin.json, by which Grafana adds the token. */
export const SERVICES = ['cmdb', 'billing', 'prediction', 'alertmanager'] as const;
export type Service = (typeof SERVICES)[number];

/** The address below which Grafana forwards to the service. `path` begins with a slash; ids that need escaping go into the query. */
export function proxyUrl(service: Service, path: string): string {
  return `/api/plugin-proxy/${APP_ID}/${service}${path}`;
}
