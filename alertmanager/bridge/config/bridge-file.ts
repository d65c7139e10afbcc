import {
  didYouMean,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { readSecret, secretFileOf, serverUrlOf } from '../../../kit/server-fields.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import type { ChannelKind } from '../channels/channel.ts';
import type { Mention } from '../message.ts';
import { mentionsOf } from './mentions.ts';
import { type RobotConfig, robotAt, timeOf } from './robot-config.ts';

export interface AcknowledgeConfig {
  /** Where people reach this daemon, without a slash at its end. */
  readonly externalUrl: string;
  readonly keyFile: string;
  /** Seconds to choose from. */
  readonly durations: readonly number[];
  readonly expiresSeconds: number;
}

export interface ServerConfig {
  readonly url: URL;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
}

export interface BridgeConfig {
  readonly robots: ReadonlyMap<string, RobotConfig>;
  /** By the label `team`, else `tenant`. */
  readonly teams: ReadonlyMap<string, readonly Mention[]>;
  readonly deduplicateForSeconds: number;
  readonly alertmanager: ServerConfig | undefined;
  readonly acknowledge: AcknowledgeConfig | undefined;
  readonly cmdb: ServerConfig | undefined;
  readonly deadLetter: { readonly file: string; readonly maxBytes: number } | undefined;
}

export interface BridgeFileDeps {
  /** May throw. */
  readonly readFile: (path: string) => string;
  readonly channelKinds: Readonly<Record<string, ChannelKind<unknown>>>;
}

const keys = ['robots', 'teams', 'deduplicate_for', 'alertmanager', 'acknowledge', 'cmdb', 'dead_letter'];
const maxRobots = 200;
const maxTeams = 2_000;
const hour = 3600;
const shortestKey = 32;
const mebibyte = 1024 * 1024;

/** Reads and checks the file of the bridge and that the secrets it names can be read. Throws ConfigError. */
export function readBridgeFile(path: string | undefined, deps: BridgeFileDeps): BridgeConfig {
  if (path === undefined)
    throw new ConfigError('--bridge.file is missing: name the YAML file with the robots, see the guide');
  let text: string;
  try {
    text = deps.readFile(path);
  } catch (error) {
    throw new ConfigError(`--bridge.file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const field = fieldsOf({ value: parseYaml(path, text) ?? {}, where: path }, keys, ': ');
  const alertmanager = optional(field('alertmanager'), (place) => serverAt(place, deps));
  const acknowledge = optional(field('acknowledge'), (place) => acknowledgeAt(place, deps));
  if (acknowledge !== undefined && alertmanager === undefined)
    throw new ConfigError(
      `${path}: acknowledge needs alertmanager with the url of the Alertmanager that takes silences`,
    );
  return {
    robots: robotsAt(field('robots'), deps),
    teams: new Map(
      (optional(field('teams'), (place) => entriesOf(place, maxTeams)) ?? []).map(([name, value]) => [
        name,
        mentionsOf({ value, where: `${path}: teams.${name}` }),
      ]),
    ),
    deduplicateForSeconds:
      optional(field('deduplicate_for'), (place) => timeOf(place, { min: 0, max: 24 * hour })) ?? hour,
    alertmanager,
    acknowledge,
    cmdb: optional(field('cmdb'), (place) => serverAt(place, deps)),
    deadLetter: optional(field('dead_letter'), deadLetterAt),
  };
}

function robotsAt(place: Place, deps: BridgeFileDeps): ReadonlyMap<string, RobotConfig> {
  const entries = optional(place, (given) => entriesOf(given, maxRobots)) ?? [];
  if (entries.length === 0) throw new ConfigError(`${place.where} must name at least one robot`);
  return new Map(
    entries.map(([name, value]) => {
      const where = `${place.where}.${name}`;
      if (!/^[a-z0-9][a-z0-9_-]{0,49}$/.test(name))
        throw new ConfigError(`${where}: a name has lower-case letters, digits, _ and -, at most 50`);
      return [name, robotAt({ value, where }, deps)];
    }),
  );
}

function serverAt(place: Place, deps: BridgeFileDeps): ServerConfig {
  const field = fieldsOf(place, ['url', 'token_file', 'ca_file']);
  return {
    url: serverUrlOf(field('url')),
    tokenFile: optional(field('token_file'), (given) => secretFileOf(given, deps)),
    caFile: optional(field('ca_file'), (given) => {
      const file = textOf(given);
      try {
        deps.readFile(file);
      } catch {
        throw new ConfigError(`${given.where}: the file ${file} cannot be read`);
      }
      return file;
    }),
  };
}

function acknowledgeAt(place: Place, deps: BridgeFileDeps): AcknowledgeConfig {
  const field = fieldsOf(place, ['external_url', 'key_file', 'durations', 'expires']);
  const url = serverUrlOf(field('external_url'));
  if (url.search !== '') throw invalid(field('external_url'), 'an address without ?');
  const keyFile = secretFileOf(field('key_file'), deps);
  if (readSecret(keyFile, deps.readFile).length < shortestKey)
    throw new ConfigError(
      `${place.where}.key_file: the file ${keyFile} must hold at least ${shortestKey} characters, such as openssl rand -hex 32 gives`,
    );
  const durations = listOf(field('durations'), 8).map((each) => timeOf(each, { min: 60, max: 30 * 24 * hour }));
  return {
    externalUrl: url.href.replace(/\/+$/, ''),
    keyFile,
    durations: durations.length === 0 ? [hour, 4 * hour, 24 * hour] : durations,
    expiresSeconds:
      optional(field('expires'), (given) => timeOf(given, { min: 60, max: 90 * 24 * hour })) ?? 7 * 24 * hour,
  };
}

function deadLetterAt(place: Place): { readonly file: string; readonly maxBytes: number } {
  const field = fieldsOf(place, ['file', 'max_mebibytes']);
  const size = optional(field('max_mebibytes'), (given) => wholeOf(given, { min: 1, max: 1024 })) ?? 16;
  return { file: textOf(field('file')), maxBytes: size * mebibyte };
}

/** The robot of that name; throws ConfigError that names the others. For people at a terminal alone: it tells which robots there are. */
export function robotNamed(config: BridgeConfig, name: string): RobotConfig {
  const robot = config.robots.get(name);
  if (robot !== undefined) return robot;
  const names = [...config.robots.keys()];
  throw new ConfigError(`there is no robot ${name}; there are ${names.join(', ')}${didYouMean(name, names)}`);
}
