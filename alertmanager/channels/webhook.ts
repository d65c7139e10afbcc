import { count, fieldsOf, filePath, optional, required } from '../checks.ts';
import { endpointUrl } from '../urls.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel } from './channel.ts';

/** An HTTP endpoint that takes Alertmanager's JSON. */
export interface Webhook extends CommonSettings {
  readonly url: string;
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
  parse(value, path) {
    const fields = fieldsOf(value, path, ['url', 'credentials_file', 'ca_file', 'max_alerts', ...commonKeys]);
    return {
      url: required(fields, 'url', endpointUrl),
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
      url: settings.url,
      max_alerts: settings.max_alerts ?? defaultMaxAlerts,
      ...(Object.keys(http).length === 0 ? {} : { http_config: http }),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
