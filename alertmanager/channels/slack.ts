import { fieldsOf, filePath, optional, refused, required } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A Slack channel through an incoming webhook, whose URL is a secret and so comes from a file. */
export interface Slack extends CommonSettings {
  readonly api_url_file: string;
  readonly channel?: string;
}

export const slack = defineChannel<Slack>({
  configKey: 'slack_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['api_url_file', 'channel', ...commonKeys]);
    return {
      api_url_file: required(fields, 'api_url_file', filePath),
      ...optional(fields, 'channel', channelName),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      api_url_file: settings.api_url_file,
      ...(settings.channel === undefined ? {} : { channel: settings.channel }),
      username: 'FleetLens',
      color: message('fleetlens.colour', context),
      title: message('fleetlens.slack.title', context),
      title_link: message('fleetlens.alerts_url', context),
      text: message('fleetlens.slack.text', context),
      fallback: message('fleetlens.slack.title', context),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});

function channelName(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[#@]?[^\s#@]+$/.test(value)) return value;
  throw refused(
    path,
    value,
    'the name of a channel such as "#gpu-alerts", in quotes because # begins a comment in YAML',
  );
}
