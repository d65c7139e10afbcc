import { fieldsOf, invalid, listOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { secretFileOf, serverUrlOf } from '../../../kit/server-fields.ts';
import type { ReadDeps } from '../sources/source-type.ts';

/** Where alerts are passed on to. */
export interface RelayConfig {
  /** In its path, /api/v1/alerts/relay/NAME. */
  readonly name: string;
  /** Undefined where the address is a secret and stands in a file. */
  readonly url: URL | undefined;
  readonly urlFile: string | undefined;
  readonly tokenFile: string | undefined;
}

const maxRelays = 50;

/** `alert_relays` of the configuration. Throws ConfigError. */
export function readRelays(place: Place, deps: ReadDeps): readonly RelayConfig[] {
  const names = new Set<string>();
  return listOf(place, maxRelays).map((each) => {
    const relay = relayAt(each, deps);
    if (names.has(relay.name)) throw new ConfigError(`${each.where}.name: there are two relays ${relay.name}`);
    names.add(relay.name);
    return relay;
  });
}

function relayAt(place: Place, deps: ReadDeps): RelayConfig {
  const field = fieldsOf(place, ['name', 'url', 'url_file', 'token_file']);
  const name = textOf(field('name'));
  if (!/^[a-z0-9][a-z0-9_-]{0,49}$/.test(name))
    throw invalid(field('name'), 'a name of lower-case letters, digits, _ and -, at most 50');
  const url = optional(field('url'), serverUrlOf);
  const urlFile = optional(field('url_file'), (given) => urlFileOf(given, deps));
  if ((url === undefined) === (urlFile === undefined))
    throw new ConfigError(`${place.where} must have either url or url_file`);
  return { name, url, urlFile, tokenFile: optional(field('token_file'), (given) => secretFileOf(given, deps)) };
}

function urlFileOf(place: Place, deps: ReadDeps): string {
  const path = secretFileOf(place, deps);
  const text = deps.readFile(path).trim();
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return path;
  throw new ConfigError(`${place.where}: the file ${path} must hold an http or https address`);
}
