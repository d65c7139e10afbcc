import { fieldsOf, SiteError } from '../checks.ts';
import { type Bridge, bridge } from './bridge.ts';
import type { ChannelKind, CommonSettings, MessageContext } from './channel.ts';
import { type Email, email } from './email.ts';
import { type Slack, slack } from './slack.ts';
import { type Webhook, webhook } from './webhook.ts';

interface SettingsByName {
  readonly bridge: Bridge;
  readonly email: Email;
  readonly slack: Slack;
  readonly webhook: Webhook;
}

export type ChannelName = keyof SettingsByName;

/** Every kind of channel, under the key that a site names it by. */
export const channelKinds: { readonly [N in ChannelName]: ChannelKind<SettingsByName[N]> } = {
  bridge,
  email,
  slack,
  webhook,
};

export const channelNames: readonly ChannelName[] = ['bridge', 'email', 'slack', 'webhook'];

/** One channel as a site writes it: `{slack: {...}}`. */
export type Channel = { [N in ChannelName]: { readonly [K in N]: SettingsByName[N] } }[ChannelName];

/** A channel whose kind no longer matters. */
export interface OpenedChannel {
  readonly configKey: `${string}_configs`;
  readonly settings: CommonSettings;
  render(context: MessageContext): Readonly<Record<string, unknown>>;
}

export function parseChannel(value: unknown, path: string): Channel {
  const { values } = fieldsOf(value, path, channelNames);
  const [name, ...more] = channelNames.filter((candidate) => values[candidate] !== undefined);
  if (name === undefined || more.length > 0) {
    throw new SiteError(`${path}: exactly one of ${channelNames.join(', ')} must stand here; give each its own entry`);
  }
  return { [name]: channelKinds[name].parse(values[name], `${path}.${name}`) } as unknown as Channel;
}

export function openChannel(channel: Channel): OpenedChannel {
  if ('bridge' in channel) return opened(bridge, channel.bridge);
  if ('email' in channel) return opened(email, channel.email);
  if ('slack' in channel) return opened(slack, channel.slack);
  return opened(webhook, channel.webhook);
}

function opened<S extends CommonSettings>(kind: ChannelKind<S>, settings: S): OpenedChannel {
  return { configKey: kind.configKey, settings, render: (context) => kind.render(settings, context) };
}
