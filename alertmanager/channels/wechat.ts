import { fieldsOf, filePath, optional, required, SiteError, text } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** An application of WeCom (WeChat Work). A robot in a group chat is something else. */
export interface Wechat extends CommonSettings {
  readonly corp_id: string;
  readonly agent_id: string;
  readonly api_secret_file: string;
  /** Names parted by `|`; `@all` for everybody who sees the application. */
  readonly to_user?: string;
  readonly to_party?: string;
  readonly to_tag?: string;
}

export const wechat = defineChannel<Wechat>({
  configKey: 'wechat_configs',
  features: () => ['wechat'],
  parse(value, path) {
    const keys = ['corp_id', 'agent_id', 'api_secret_file', 'to_user', 'to_party', 'to_tag', ...commonKeys];
    const fields = fieldsOf(value, path, keys);
    const to = {
      ...optional(fields, 'to_user', text),
      ...optional(fields, 'to_party', text),
      ...optional(fields, 'to_tag', text),
    };
    if (Object.keys(to).length === 0) throw new SiteError(`${path}: add to_user, to_party or to_tag; nobody is told`);
    return {
      corp_id: required(fields, 'corp_id', text),
      agent_id: required(fields, 'agent_id', text),
      api_secret_file: required(fields, 'api_secret_file', filePath),
      ...to,
      ...commonSettings(fields),
    };
  },
  render({ send_resolved = true, severities: _, ...settings }, context) {
    return {
      ...settings,
      message_type: 'text',
      message: `${message('fleetlens.title', context)}\n${message('fleetlens.text', context)}`,
      send_resolved,
    };
  },
});
