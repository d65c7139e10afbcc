import { type Domain, type Team, teams } from '../rules/alert.ts';
import { type MessageContext, type NotifiedSeverity, notifiedSeverities } from './channels/channel.ts';
import type { Channel, OpenedChannel } from './channels/index.ts';
import type { AlertmanagerConfig, Receiver } from './config.ts';
import { floorVersion } from './features.ts';
import { inhibitions, inhibitRule } from './inhibitions.ts';
import { nobody, type ReceiverSet, receiverSet } from './receiver-sets.ts';
import { rootRoute, type TenantRouting } from './routes.ts';
import { parseSite, type Site } from './site.ts';
import { smtpGlobals } from './smtp.ts';
import { checkTarget, type Target } from './target.ts';
import { renderTimeIntervals } from './time-intervals.ts';
import { defaultGrouping, defaultIntervals } from './timing.ts';

export const templateFile = 'fleetlens.tmpl';
const deadMan = 'dead-man';

export interface RenderOptions {
  /** Folder of {@link templateFile}, seen from the configuration file or absolute. */
  readonly templatesDir: string;
  /** The oldest Alertmanager with secrets in files unless written. */
  readonly target?: Target;
}

type Settings = Readonly<Record<string, unknown>>;
type Configs = Omit<Receiver, 'name'>;
type Channels = readonly Channel[];

/** What alertmanager.yml has to hold for a site, with keys in the order in which people read it. */
export function renderAlertmanager(
  written: Site,
  { templatesDir, target = { version: floorVersion, secrets: 'files' } }: RenderOptions,
): AlertmanagerConfig {
  const site = parseSite(written);
  checkTarget(site, target);
  const notified = notifiedSeverities.filter((severity) => !isMuted(site, severity));
  const fallback = receiverSet('default', site.receivers.default, notified);
  const own = teamReceivers(site, notified);
  const domains = domainReceivers(site, notified);
  const tenants = tenantRoutings(site, notified);
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
      domains,
      tenants,
      digests: site.digests ?? {},
      quietHours: site.quiet_hours ?? {},
      deadMan: heartbeat?.name,
    }),
    ...(site.time_intervals === undefined ? {} : { time_intervals: renderTimeIntervals(site.time_intervals) }),
    inhibit_rules: inhibitions.map(inhibitRule),
    receivers: [
      ...[
        fallback,
        ...own.values(),
        ...[...domains.values()].flatMap((sets) => [...sets.values()]),
        ...tenants.map(({ receivers }) => receivers),
      ].flatMap((set) => receiversIn(set, context)),
      // Word of the end would look like one more heartbeat to what listens for it.
      ...(heartbeat === undefined ? [] : receiversIn(heartbeat, context, { send_resolved: false })),
      { name: nobody },
    ],
  };
}

function isMuted({ mute = ['info'] }: Site, severity: NotifiedSeverity): boolean {
  return mute.some((muted) => muted === severity);
}

function teamReceivers(site: Site, notified: readonly NotifiedSeverity[]): ReadonlyMap<Team, ReceiverSet> {
  const sets = new Map<Team, ReceiverSet>();
  for (const team of teams) {
    const channels = site.receivers[team];
    if (channels !== undefined) sets.set(team, receiverSet(team, channels, notified));
  }
  return sets;
}

function domainReceivers(
  { domains = {} }: Site,
  notified: readonly NotifiedSeverity[],
): ReadonlyMap<Team, ReadonlyMap<Domain, ReceiverSet>> {
  const sets = new Map<Team, ReadonlyMap<Domain, ReceiverSet>>();
  for (const team of teams) {
    const lists = Object.entries(domains[team] ?? {}) as [Domain, Channels][];
    if (lists.length === 0) continue;
    sets.set(team, new Map(lists.map(([domain, list]) => [domain, receiverSet(`${team}-${domain}`, list, notified)])));
  }
  return sets;
}

/** The name of a receiver ends in `-tenant`, so that no tenant can be called like the receiver of another one for some severity. */
function tenantRoutings({ tenants = {} }: Site, notified: readonly NotifiedSeverity[]): readonly TenantRouting[] {
  return Object.entries(tenants).map(([name, { channels, team_too = false, quiet_hours }]) => ({
    name,
    receivers: receiverSet(`${name}-tenant`, channels, notified),
    teamToo: team_too,
    hours: quiet_hours,
  }));
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
