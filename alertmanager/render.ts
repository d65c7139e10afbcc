import { teams } from '../rules/alert.ts';
import { type MessageContext, type NotifiedSeverity, notifiedSeverities } from './channels/channel.ts';
import type { OpenedChannel } from './channels/index.ts';
import type { AlertmanagerConfig, Receiver } from './config.ts';
import { inhibitions, inhibitRule } from './inhibitions.ts';
import { nobody, type ReceiverSet, receiverSet } from './receiver-sets.ts';
import { rootRoute } from './routes.ts';
import { parseSite, type Site } from './site.ts';
import { smtpGlobals } from './smtp.ts';
import { defaultGrouping, defaultIntervals } from './timing.ts';

export const templateFile = 'fleetlens.tmpl';
const deadMan = 'dead-man';

export interface RenderOptions {
  /** Folder of {@link templateFile}, seen from the configuration file or absolute. */
  readonly templatesDir: string;
}

type Settings = Readonly<Record<string, unknown>>;
type Configs = Omit<Receiver, 'name'>;

/** What alertmanager.yml has to hold for a site, with keys in the order in which people read it. */
export function renderAlertmanager(written: Site, { templatesDir }: RenderOptions): AlertmanagerConfig {
  const site = parseSite(written);
  const notified = notifiedSeverities.filter((severity) => !isMuted(site, severity));
  const fallback = receiverSet('default', site.receivers.default, notified);
  const own = teamReceivers(site, notified);
  const heartbeat =
    site.receivers.dead_man === undefined ? undefined : receiverSet(deadMan, site.receivers.dead_man, []);
  const context = messageContext(site);
  return {
    ...(site.smtp === undefined ? {} : { global: smtpGlobals(site.smtp) }),
    templates: [`${templatesDir.replace(/\/+$/, '')}/${templateFile}`],
    route: rootRoute({
      grouping: { ...defaultGrouping, ...site.grouping },
      intervals: { ...defaultIntervals, ...site.intervals },
      notified,
      fallback,
      teams: own,
      deadMan: heartbeat?.name,
    }),
    inhibit_rules: inhibitions.map(inhibitRule),
    receivers: [
      ...[fallback, ...own.values()].flatMap((set) => receiversIn(set, context)),
      // Word of the end would look like one more heartbeat to what listens for it.
      ...(heartbeat === undefined ? [] : receiversIn(heartbeat, context, { send_resolved: false })),
      { name: nobody },
    ],
  };
}

function isMuted({ mute = ['info'] }: Site, severity: NotifiedSeverity): boolean {
  return mute.some((muted) => muted === severity);
}

function teamReceivers(site: Site, notified: readonly NotifiedSeverity[]): ReadonlyMap<string, ReceiverSet> {
  const sets = new Map<string, ReceiverSet>();
  for (const team of teams) {
    const channels = site.receivers[team];
    if (channels !== undefined) sets.set(team, receiverSet(team, channels, notified));
  }
  return sets;
}

function messageContext({ external_url }: Site): MessageContext {
  if (external_url === undefined) return { prelude: '' };
  return { prelude: `{{ define "fleetlens.alertmanager_url" }}${external_url}{{ end }}` };
}

function receiversIn(set: ReceiverSet, context: MessageContext, always: Settings = {}): Receiver[] {
  return [...set.channels].map(([name, channels]) => ({ name, ...configsOf(channels, context, always) }));
}

function configsOf(channels: readonly OpenedChannel[], context: MessageContext, always: Settings): Configs {
  const configs: Record<`${string}_configs`, Settings[]> = {};
  for (const channel of channels) {
    const config = { ...channel.render(context), ...always };
    configs[channel.configKey] = [...(configs[channel.configKey] ?? []), config];
  }
  return configs;
}
