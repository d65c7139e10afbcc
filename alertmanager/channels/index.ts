import { fieldsOf, SiteError } from '../checks.ts';
import type { FeatureName } from '../features.ts';
import type { ChannelKind, CommonSettings, MessageContext } from './channel.ts';
import { type Discord, discord } from './discord.ts';
import { type Email, email } from './email.ts';
import { type Jira, jira } from './jira.ts';
import { type MsTeams, msteams } from './msteams.ts';
import { type Opsgenie, opsgenie } from './opsgenie.ts';
import { type Pagerduty, pagerduty } from './pagerduty.ts';
import { type Pushover, pushover } from './pushover.ts';
import { type Rocketchat, rocketchat } from './rocketchat.ts';
import { type Slack, slack } from './slack.ts';
import { type Sns, sns } from './sns.ts';
import { type Telegram, telegram } from './telegram.ts';
import { type Victorops, victorops } from './victorops.ts';
import { type Webex, webex } from './webex.ts';
import { type Webhook, webhook } from './webhook.ts';
import { type Wechat, wechat } from './wechat.ts';

interface SettingsByName {
  readonly email: Email;
  readonly slack: Slack;
  readonly webhook: Webhook;
  readonly pagerduty: Pagerduty;
  readonly opsgenie: Opsgenie;
  readonly victorops: Victorops;
  readonly webex: Webex;
  readonly sns: Sns;
  readonly telegram: Telegram;
  readonly pushover: Pushover;
  readonly discord: Discord;
  readonly msteams: MsTeams;
  readonly jira: Jira;
  readonly rocketchat: Rocketchat;
  readonly wechat: Wechat;
}

export type ChannelName = keyof SettingsByName;

/** Every kind of channel, under the key that a site names it by. */
export const channelKinds: { readonly [N in ChannelName]: ChannelKind<SettingsByName[N]> } = {
  email,
  slack,
  webhook,
  pagerduty,
  opsgenie,
  victorops,
  webex,
  sns,
  telegram,
  pushover,
  discord,
  msteams,
  jira,
  rocketchat,
  wechat,
};

export const channelNames = Object.keys(channelKinds) as readonly ChannelName[];

/** One channel as a site writes it: `{slack: {...}}`. */
export type Channel = { [N in ChannelName]: { readonly [K in N]: SettingsByName[N] } }[ChannelName];

/** A channel whose kind no longer matters. */
export interface OpenedChannel {
  readonly name: ChannelName;
  readonly configKey: `${string}_configs`;
  readonly settings: CommonSettings;
  readonly features: readonly FeatureName[];
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
  const [name] = channelNames.filter((candidate) => candidate in channel);
  if (name === undefined) throw new SiteError(`a channel is one of ${channelNames.join(', ')}`);
  return opened(name, channel as unknown as Pick<SettingsByName, typeof name>);
}

function opened<N extends ChannelName>(name: N, channel: Pick<SettingsByName, N>): OpenedChannel {
  const kind: ChannelKind<SettingsByName[N]> = channelKinds[name];
  const settings = channel[name];
  return {
    name,
    configKey: kind.configKey,
    settings,
    features: kind.features?.(settings) ?? [],
    render: (context) => kind.render(settings, context),
  };
}
