import { fieldsOf, filePath, required, text } from '../checks.ts';
import { bySeverity, type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** Splunk On-Call, which was VictorOps. */
export interface Victorops extends CommonSettings {
  readonly api_key_file: string;
  /** Which team is called; not a secret. */
  readonly route: string;
}

export const victorops = defineChannel<Victorops>({
  configKey: 'victorops_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['api_key_file', 'route', ...commonKeys]);
    return {
      api_key_file: required(fields, 'api_key_file', filePath),
      route: required(fields, 'route', text),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      api_key_file: settings.api_key_file,
      routing_key: settings.route,
      message_type: bySeverity({ critical: 'CRITICAL', warning: 'WARNING', info: 'INFO', other: 'CRITICAL' }),
      entity_display_name: message('fleetlens.title', context),
      state_message: message('fleetlens.text', context),
      monitoring_tool: 'FleetLens',
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
