import { count, fieldsOf, filePath, optional, SiteError } from '../checks.ts';
import { endpointUrl } from '../urls.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel } from './channel.ts';

/** An HTTP endpoint that takes Alertmanager's JSON. */
export interface Webhook extends CommonSettings {
  readonly url?: string;
  /** Instead of `url`, for a URL that is a secret. */
  readonly url_file?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly credentials_file?: string;
  /** Certificate authority of an endpoint that the machine does not trust by itself. */
  readonly ca_file?: string;
  /** Alerts in one message; the message says how many were left out. 0 means no limit. */
  readonly max_alerts?: number;
}

/** A fault of a whole cluster fires thousands of alerts, and many endpoints refuse a body of megabytes. */
const defaultMaxAlerts = 100;

export const webhook = defineChannel<Webhook>({
  configKey: 'webhook_configs',
  features: ({ url_file }) => (url_file === undefined ? [] : ['webhook.url_file']),
  parse(value, path) {
    const fields = fieldsOf(value, path, [
      'url',
      'url_file',
      'credentials_file',
      'ca_file',
      'max_alerts',
      ...commonKeys,
    ]);
    const address = { ...optional(fields, 'url', endpointUrl), ...optional(fields, 'url_file', filePath) };
    if (Object.keys(address).length !== 1) {
      throw new SiteError(
        `${path}.url: ${address.url === undefined ? 'missing; add it' : 'stands beside url_file; keep one'}`,
      );
    }
    return {
      ...address,
      ...optional(fields, 'credentials_file', filePath),
      ...optional(fields, 'ca_file', filePath),
      ...optional(fields, 'max_alerts', count),
      ...commonSettings(fields),
    };
  },
  render(settings) {
    const http = {
      ...(settings.credentials_file === undefined
        ? {}
        : { authorization: { type: 'Bearer', credentials_file: settings.credentials_file } }),
      ...(settings.ca_file === undefined ? {} : { tls_config: { ca_file: settings.ca_file } }),
    };
    return {
      ...(settings.url === undefined ? {} : { url: settings.url }),
      ...(settings.url_file === undefined ? {} : { url_file: settings.url_file }),
      max_alerts: settings.max_alerts ?? defaultMaxAlerts,
      ...(Object.keys(http).length === 0 ? {} : { http_config: http }),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
