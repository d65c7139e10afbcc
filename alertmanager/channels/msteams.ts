import { fieldsOf, filePath, required } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A channel of Microsoft Teams through a workflow that takes webhooks; the older connectors are switched off. */
export interface MsTeams extends CommonSettings {
  readonly webhook_url_file: string;
}

export const msteams = defineChannel<MsTeams>({
  configKey: 'msteamsv2_configs',
  features: () => ['msteams'],
  parse(value, path) {
    const fields = fieldsOf(value, path, ['webhook_url_file', ...commonKeys]);
    return { webhook_url_file: required(fields, 'webhook_url_file', filePath), ...commonSettings(fields) };
  },
  render(settings, context) {
    return {
      webhook_url_file: settings.webhook_url_file,
      title: message('fleetlens.title', context),
      text: message('fleetlens.text', context),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
