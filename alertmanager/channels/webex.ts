import { fieldsOf, filePath, required, text } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A room of Webex, told by a bot. */
export interface Webex extends CommonSettings {
  readonly room_id: string;
  /** The token of the bot. */
  readonly credentials_file: string;
}

export const webex = defineChannel<Webex>({
  configKey: 'webex_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['room_id', 'credentials_file', ...commonKeys]);
    return {
      room_id: required(fields, 'room_id', text),
      credentials_file: required(fields, 'credentials_file', filePath),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      room_id: settings.room_id,
      message: `${message('fleetlens.title', context)}\n\n${message('fleetlens.text', context)}`,
      http_config: { authorization: { type: 'Bearer', credentials_file: settings.credentials_file } },
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
