import { fieldsOf, filePath, refused, required } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A chat of Telegram, told by a bot. */
export interface Telegram extends CommonSettings {
  readonly bot_token_file: string;
  /** Below zero for a group. */
  readonly chat_id: number;
}

export const telegram = defineChannel<Telegram>({
  configKey: 'telegram_configs',
  features: () => ['telegram'],
  parse(value, path) {
    const fields = fieldsOf(value, path, ['bot_token_file', 'chat_id', ...commonKeys]);
    return {
      bot_token_file: required(fields, 'bot_token_file', filePath),
      chat_id: required(fields, 'chat_id', chatId),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      bot_token_file: settings.bot_token_file,
      chat_id: settings.chat_id,
      // With this one Alertmanager escapes what the templates fill in.
      parse_mode: 'HTML',
      message: `<b>${message('fleetlens.title', context)}</b>\n${message('fleetlens.text', context)}`,
      send_resolved: settings.send_resolved ?? true,
    };
  },
});

function chatId(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value !== 0) return value;
  throw refused(path, value, 'the whole number of a chat, such as -1001234567890');
}
