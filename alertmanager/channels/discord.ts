import { fieldsOf, filePath, required } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A channel of Discord through a webhook, whose URL is a secret. */
export interface Discord extends CommonSettings {
  readonly webhook_url_file: string;
}

export const discord = defineChannel<Discord>({
  configKey: 'discord_configs',
  features: () => ['discord'],
  parse(value, path) {
    const fields = fieldsOf(value, path, ['webhook_url_file', ...commonKeys]);
    return { webhook_url_file: required(fields, 'webhook_url_file', filePath), ...commonSettings(fields) };
  },
  render(settings, context) {
    return {
      webhook_url_file: settings.webhook_url_file,
      title: message('fleetlens.title', context),
      message: message('fleetlens.text', context),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
