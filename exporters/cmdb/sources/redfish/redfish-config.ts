import {
  booleanOf,
  fieldsOf,
  invalid,
  listOf,
  optional,
  type Place,
  positiveOf,
  textOf,
} from '../../../../kit/config-values.ts';
import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import { parseDuration } from '../../../../kit/options/duration.ts';
import type { ReadDeps } from '../source-type.ts';
import { type Access, accessKeys, readAccess } from './bmc-access.ts';
import { type BmcAddress, targetOf } from './bmc-address.ts';
import type { BmcTarget, RedfishSettings } from './bmc-target.ts';
import { readCredentials } from './credentials.ts';
import { expandRange } from './expand-range.ts';
import { parseTargets } from './targets-file.ts';

export const redfishKeys = [
  ...['bmcs', 'targets_file', 'concurrency', 'timeout', 'deadline', 'sensors_every', 'logs_every', 'max_sensors'],
  ...['allow_actions', 'action_deadline', ...accessKeys],
] as const;
const bmcKeys = ['host', 'url', 'node', ...accessKeys] as const;

const maxBmcs = 20_000;
/** Checks the keys of a source of type redfish. Throws ConfigError that names the place. */
export function readRedfishConfig(field: (key: string) => Place, deps: ReadDeps): RedfishSettings {
  const defaults = readAccess(field, deps, {
    userFile: undefined,
    passwordFile: undefined,
    auth: 'session',
    trust: {},
  });
  const listed = listOf(field('bmcs'), maxBmcs).flatMap((place) => readBmc(place, defaults, deps));
  const file = optional(field('targets_file'), textOf);
  const fromFile = file === undefined ? [] : readTargets(field('targets_file'), file, deps);
  const targets = [...listed, ...fromFile.map((address) => targetOf(address, defaults))];
  if (targets.length === 0)
    throw new ConfigError(`${field('bmcs').where} must name at least one management controller, or targets_file must`);
  refuseDoubles(targets, field('bmcs').where);
  checkCredentials(targets, deps);
  return {
    targets,
    concurrency: optional(field('concurrency'), wholeOf(1, 500)) ?? 32,
    timeoutSeconds: optional(field('timeout'), durationOf(1, 300)) ?? 20,
    deadlineSeconds: optional(field('deadline'), durationOf(1, 3600)) ?? 180,
    sensorsEverySeconds: optional(field('sensors_every'), everyOf) ?? 60,
    logsEverySeconds: optional(field('logs_every'), everyOf) ?? 300,
    maxSensors: optional(field('max_sensors'), wholeOf(1, 2000)) ?? 200,
    allowActions: optional(field('allow_actions'), booleanOf) ?? false,
    actionDeadlineSeconds: optional(field('action_deadline'), durationOf(1, 3600)) ?? 300,
  };
}

function readBmc(place: Place, defaults: Access, deps: ReadDeps): readonly BmcTarget[] {
  const field = fieldsOf(typeof place.value === 'string' ? { ...place, value: { host: place.value } } : place, bmcKeys);
  const access = readAccess(field, deps, defaults);
  const host = optional(field('host'), textOf);
  const url = optional(field('url'), textOf);
  const node = optional(field('node'), textOf);
  if ((host === undefined) === (url === undefined))
    throw new ConfigError(`${place.where} must have either host or url`);
  const nodes = node === undefined ? undefined : expandRange(field('node'), node);
  const addresses = expandRange(field(host === undefined ? 'url' : 'host'), host ?? url ?? '');
  if (nodes !== undefined && nodes.length !== addresses.length)
    throw new ConfigError(
      `${place.where}.node stands for ${nodes.length} names and the address for ${addresses.length}; they must be as many`,
    );
  return addresses.map((address, index) =>
    targetOf(
      { ...(host === undefined ? { url: address } : { host: address }), node: nodes?.[index], where: place.where },
      access,
    ),
  );
}

function readTargets(place: Place, path: string, { readFile }: ReadDeps): readonly BmcAddress[] {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new ConfigError(`${place.where}: ${path} cannot be read: ${reasonOf(error)}`);
  }
  return parseTargets(path, text, maxBmcs);
}

function refuseDoubles(targets: readonly BmcTarget[], where: string): void {
  const seen = new Set<string>();
  for (const { name, node } of targets) {
    for (const each of node === undefined ? [name] : [name, `the node ${node}`]) {
      if (seen.has(each)) throw new ConfigError(`${where} has ${each} twice`);
      seen.add(each);
    }
  }
}

/** Each file once, however many controllers share it. */
function checkCredentials(targets: readonly BmcTarget[], { readFile }: ReadDeps): void {
  for (const target of new Map(
    targets.map((each) => [`${each.userFile} ${each.passwordFile}`, each] as const),
  ).values())
    readCredentials(target, readFile);
}

function wholeOf(lowest: number, highest: number): (place: Place) => number {
  return (place) => {
    const value = positiveOf(place);
    if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
    throw invalid(place, `a whole number from ${lowest} to ${highest}`);
  };
}

function durationOf(lowest: number, highest: number): (place: Place) => number {
  return (place) => {
    const seconds = parseDuration(typeof place.value === 'string' ? place.value : '');
    if (seconds !== undefined && seconds >= lowest && seconds <= highest) return seconds;
    throw invalid(place, `a duration from ${lowest}s to ${highest}s`);
  };
}

/** 0 or 0s for never. */
function everyOf(place: Place): number {
  return place.value === 0 || place.value === '0s' ? 0 : durationOf(5, 86_400)(place);
}
