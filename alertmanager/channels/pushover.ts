import { fieldsOf, filePath, required } from '../checks.ts';
import { bySeverity, type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A user or group of Pushover. */
export interface Pushover extends CommonSettings {
  readonly user_key_file: string;
  /** The token of the application. */
  readonly token_file: string;
}

export const pushover = defineChannel<Pushover>({
  configKey: 'pushover_configs',
  features: () => ['pushover'],
  parse(value, path) {
    const fields = fieldsOf(value, path, ['user_key_file', 'token_file', ...commonKeys]);
    return {
      user_key_file: required(fields, 'user_key_file', filePath),
      token_file: required(fields, 'token_file', filePath),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      user_key_file: settings.user_key_file,
      token_file: settings.token_file,
      title: message('fleetlens.title', context),
      message: message('fleetlens.text', context),
      url: message('fleetlens.alerts_url', context),
      priority: bySeverity({ critical: '1', warning: '0', info: '-1', other: '0' }),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
