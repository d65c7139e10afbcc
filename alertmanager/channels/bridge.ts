import { fieldsOf, filePath, optional, refused, required } from '../checks.ts';
import { endpointUrl } from '../urls.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel } from './channel.ts';

/** A robot of `fleetlens bridge`, which tells people in DingTalk, Feishu, WeCom, Teams and other places. */
export interface Bridge extends CommonSettings {
  /** Where the bridge is, such as http://bridge:9416. */
  readonly url: string;
  /** Name of the robot in its configuration. */
  readonly robot: string;
  /** Sent as `Authorization: Bearer`. */
  readonly credentials_file?: string;
}

export const bridge = defineChannel<Bridge>({
  configKey: 'webhook_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['url', 'robot', 'credentials_file', ...commonKeys]);
    return {
      url: required(fields, 'url', endpointUrl),
      robot: required(fields, 'robot', robotName),
      ...optional(fields, 'credentials_file', filePath),
      ...commonSettings(fields),
    };
  },
  render(settings) {
    return {
      url: `${settings.url.replace(/\/+$/, '')}/notify/${settings.robot}`,
      // The bridge counts what does not fit into a message, so it must see all of them.
      max_alerts: 0,
      ...(settings.credentials_file === undefined
        ? {}
        : { http_config: { authorization: { type: 'Bearer', credentials_file: settings.credentials_file } } }),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});

function robotName(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[a-z0-9][a-z0-9_-]{0,49}$/.test(value)) return value;
  throw refused(path, value, 'the name of a robot of the bridge: lower-case letters, digits, _ and -');
}
