import { SiteError } from '../checks.ts';
import type { AlertmanagerConfig, InhibitRule, Receiver, Route } from '../config.ts';
import type { TargetVersion } from '../features.ts';
import { parseMatcher } from '../matchers.ts';
import { renderAlertmanager } from '../render.ts';
import type { Site } from '../site.ts';
import type { Smtp } from '../smtp.ts';
import type { RenderedInterval } from '../time-intervals.ts';
import { configFolder, type KubernetesObject, type ObjectOptions } from './objects.ts';
import { receiverObject } from './receiver-objects.ts';
import { type KubernetesSecrets, secretOf } from './secrets.ts';

type Settings = Readonly<Record<string, unknown>>;

export interface AlertmanagerConfigObject extends KubernetesObject {
  readonly spec: Settings;
}

/** Kinds of channels that the object has no words for. */
const unknownChannels = ['jira_configs'] as const;

/**
 * The routes, receivers and inhibitions of a site as one AlertmanagerConfig. v1alpha1 is the version that every installation of the operator serves;
 * v1beta1 needs a webhook that converts it.
 */
export function alertmanagerConfigObject(
  site: Site,
  { version, namespace, labels }: ObjectOptions & { readonly version: TargetVersion },
): AlertmanagerConfigObject {
  const secrets = site.kubernetes_secrets ?? {};
  const config = renderAlertmanager(site, { templatesDir: configFolder, target: { version, secrets: 'selectors' } });
  return {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'AlertmanagerConfig',
    metadata: {
      name: 'fleetlens',
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined || Object.keys(labels).length === 0 ? {} : { labels }),
    },
    spec: {
      route: routeObject(config.route),
      ...(config.time_intervals === undefined ? {} : { muteTimeIntervals: config.time_intervals.map(intervalObject) }),
      inhibitRules: config.inhibit_rules.map(inhibitObject),
      receivers: receiverObjects(config, site.smtp, secrets),
    },
  };
}

function receiverObjects(
  { receivers }: AlertmanagerConfig,
  smtp: Smtp | undefined,
  secrets: KubernetesSecrets,
): readonly Settings[] {
  return receivers.map((receiver) => {
    refuseUnknown(receiver);
    const object = receiverObject(receiver, secrets);
    const emails = object['emailConfigs'];
    if (!Array.isArray(emails) || smtp === undefined) return object;
    const server = mailServer(smtp, secrets);
    return { ...object, emailConfigs: emails.map((email: Settings) => ({ ...email, ...server })) };
  });
}

function refuseUnknown(receiver: Receiver): void {
  const found = unknownChannels.find((key) => key in receiver);
  if (found === undefined) return;
  throw new SiteError(
    `the receiver ${receiver.name} has ${found.replace('_configs', '')}, which an AlertmanagerConfig cannot hold; use --alertmanager.form=secret`,
  );
}

/** The object has no global settings, so each mail names its server. */
function mailServer(smtp: Smtp, secrets: KubernetesSecrets): Settings {
  return {
    smarthost: smtp.smarthost,
    from: smtp.from,
    ...(smtp.hello === undefined ? {} : { hello: smtp.hello }),
    ...(smtp.username === undefined ? {} : { authUsername: smtp.username }),
    ...(smtp.password_file === undefined ? {} : { authPassword: { ...secretOf(smtp.password_file, secrets) } }),
    requireTLS: smtp.require_tls ?? true,
  };
}

const routeKeys = {
  receiver: 'receiver',
  group_by: 'groupBy',
  group_wait: 'groupWait',
  group_interval: 'groupInterval',
  repeat_interval: 'repeatInterval',
  active_time_intervals: 'activeTimeIntervals',
  mute_time_intervals: 'muteTimeIntervals',
  continue: 'continue',
} as const;

function routeObject({ matchers, routes, ...settings }: Route): Settings {
  return {
    ...(matchers === undefined ? {} : { matchers: matchers.map(matcherObject) }),
    ...Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [routeKeys[key as keyof typeof settings], value]),
    ),
    ...(routes === undefined ? {} : { routes: routes.map(routeObject) }),
  };
}

function inhibitObject({ source_matchers, target_matchers, equal }: InhibitRule): Settings {
  return {
    sourceMatch: source_matchers.map(matcherObject),
    targetMatch: target_matchers.map(matcherObject),
    equal: [...equal],
  };
}

function matcherObject(matcher: string): Settings {
  const { label, operator, value } = parseMatcher(matcher);
  return { name: label, matchType: operator, value };
}

/** Refuses a location: the object has no word for it, and without one its times are UTC. */
function intervalObject({ name, time_intervals }: RenderedInterval): Settings {
  return {
    name,
    timeIntervals: time_intervals.map(({ location, times, days_of_month, ...others }) => {
      if (location !== 'UTC') {
        throw new SiteError(
          `time_intervals.${name}: an AlertmanagerConfig knows no location; write the times in UTC with location: UTC, or use --alertmanager.form=secret`,
        );
      }
      return {
        ...others,
        ...(Array.isArray(times)
          ? { times: times.map(({ start_time, end_time }: Settings) => ({ startTime: start_time, endTime: end_time })) }
          : {}),
        ...(Array.isArray(days_of_month) ? { daysOfMonth: days_of_month.map(dayRange) } : {}),
      };
    }),
  };
}

function dayRange(text: string): Settings {
  const [start, end = start] = text.split(':').map(Number);
  return { start, end };
}
