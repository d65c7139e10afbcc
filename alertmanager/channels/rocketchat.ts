import { fieldsOf, filePath, optional, required, text } from '../checks.ts';
import { endpointUrl } from '../urls.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A channel of Rocket.Chat, told with the personal access token of a user. */
export interface Rocketchat extends CommonSettings {
  readonly api_url: string;
  readonly token_id_file: string;
  readonly token_file: string;
  readonly channel?: string;
}

export const rocketchat = defineChannel<Rocketchat>({
  configKey: 'rocketchat_configs',
  features: () => ['rocketchat'],
  parse(value, path) {
    const fields = fieldsOf(value, path, ['api_url', 'token_id_file', 'token_file', 'channel', ...commonKeys]);
    return {
      api_url: required(fields, 'api_url', endpointUrl),
      token_id_file: required(fields, 'token_id_file', filePath),
      token_file: required(fields, 'token_file', filePath),
      ...optional(fields, 'channel', text),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      api_url: settings.api_url,
      token_id_file: settings.token_id_file,
      token_file: settings.token_file,
      ...(settings.channel === undefined ? {} : { channel: settings.channel }),
      color: message('fleetlens.colour', context),
      title: message('fleetlens.title', context),
      title_link: message('fleetlens.alerts_url', context),
      text: message('fleetlens.text', context),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
