import type { AlertmanagerConfig } from '../../../alertmanager/config.ts';
import { inhibitions, inhibitRule } from '../../../alertmanager/inhibitions.ts';
import { fits, type TakenRoute, takenRoutes } from '../../../alertmanager/match-routes.ts';
import { parseMatcher } from '../../../alertmanager/matchers.ts';
import { nobody } from '../../../alertmanager/receiver-sets.ts';
import { renderAlertmanager } from '../../../alertmanager/render.ts';
import type { Site } from '../../../alertmanager/site.ts';
import type { Alert } from '../../../rules/alert.ts';
import { ruleLabels } from '../../../rules/render/prometheus.ts';

type Labels = Readonly<Record<string, string>>;

export interface Way extends TakenRoute {
  /** Kinds of channels, as often as they are in the receiver. */
  readonly channels: readonly string[];
}

export interface Answer {
  readonly labels: Labels;
  readonly told: readonly Way[];
  /** Why nobody is told, where that is so. */
  readonly untoldBecause: readonly string[];
  readonly keptBackBy: readonly KeptBack[];
}

export interface KeptBack {
  readonly while: readonly string[];
  readonly equal: readonly string[];
  readonly why: string;
}

/** Who is told of an alert with these labels, and what may keep it back. */
export function routeAnswer(site: Site, given: Labels, pack: readonly Alert[]): Answer {
  const labels = fullLabels(given, pack);
  const config = configOf(site);
  const channels = new Map(config.receivers.map(({ name, ...kinds }) => [name, kindsOf(kinds)]));
  const taken = takenRoutes(config.route, labels);
  const told = taken
    .filter(({ receiver }) => receiver !== nobody)
    .map((way) => ({ ...way, channels: channels.get(way.receiver) ?? [] }));
  if (told.length === 0)
    return { labels, told, untoldBecause: taken.flatMap(({ because }) => because), keptBackBy: [] };
  return { labels, told, untoldBecause: [], keptBackBy: keptBackBy(labels) };
}

/** The configuration of the newest Alertmanager of all: what a release may lack is for generating to say. */
export function configOf(site: Site): AlertmanagerConfig {
  return renderAlertmanager(site, { templatesDir: '/', target: { version: '0.99', secrets: 'selectors' } });
}

/** Labels that are not given are those that the alert of the pack has in its example. */
export function fullLabels(given: Labels, pack: readonly Alert[]): Labels {
  const { alertname } = given;
  return { ...(alertname === undefined ? {} : { alertname }), ...knownLabels(alertname, pack), ...given };
}

function knownLabels(name: string | undefined, pack: readonly Alert[]): Labels {
  const alert = pack.find((each) => each.name === name);
  return alert === undefined ? {} : { ...alert.fires.alerts[0], ...ruleLabels(alert) };
}

function kindsOf(configs: Readonly<Record<string, readonly unknown[]>>): readonly string[] {
  return Object.entries(configs).flatMap(([key, list]) => list.map(() => key.replace(/(v2)?_configs$/, '')));
}

function keptBackBy(labels: Labels): readonly KeptBack[] {
  return inhibitions.flatMap((inhibition) => {
    const { source_matchers, target_matchers, equal } = inhibitRule(inhibition);
    const fitAll = (matchers: readonly string[]): boolean => matchers.every((each) => fits(parseMatcher(each), labels));
    if (!fitAll(target_matchers) || fitAll(source_matchers)) return [];
    return [{ while: source_matchers.filter((each) => !each.endsWith('!=""')), equal, why: inhibition.why }];
  });
}
