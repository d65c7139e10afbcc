import { fieldsOf, filePath, optional, required } from '../checks.ts';
import { endpointUrl } from '../urls.ts';
import { bySeverity, type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A service of PagerDuty through its Events API, version 2. */
export interface Pagerduty extends CommonSettings {
  /** The integration key. */
  readonly routing_key_file: string;
  /** Another address of the API, such as that of the EU. */
  readonly url?: string;
}

export const pagerduty = defineChannel<Pagerduty>({
  configKey: 'pagerduty_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['routing_key_file', 'url', ...commonKeys]);
    return {
      routing_key_file: required(fields, 'routing_key_file', filePath),
      ...optional(fields, 'url', endpointUrl),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      routing_key_file: settings.routing_key_file,
      ...(settings.url === undefined ? {} : { url: settings.url }),
      client: 'FleetLens',
      client_url: message('fleetlens.alerts_url', context),
      description: message('fleetlens.title', context),
      severity: bySeverity({ critical: 'critical', warning: 'warning', info: 'info', other: 'error' }),
      class: '{{ .CommonLabels.alertname }}',
      component: '{{ .CommonLabels.node }}',
      group: '{{ .CommonLabels.cluster }}',
      // Without these two Alertmanager lists every alert of the group, whatever their number.
      details: { firing: message('fleetlens.text', context), resolved: '' },
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
