import { fieldsOf, invalid, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError, errnoOf, reasonOf } from '../../../kit/errors.ts';
import { durationOf, secretFileOf, serverUrlOf } from '../../../kit/server-fields.ts';
import type { ReadDeps } from '../sources/source-type.ts';

/** The Alertmanager that gets the silences of maintenance windows. */
export interface AlertmanagerConfig {
  readonly url: URL;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly leadSeconds: number;
  /** Name under which silences are made; two inventories with one Alertmanager need two. */
  readonly createdBy: string;
}

/** `alertmanager` of the configuration; undefined without it. Throws ConfigError. */
export function readAlertmanager(place: Place, deps: ReadDeps): AlertmanagerConfig | undefined {
  if (place.value === undefined || place.value === null) return undefined;
  const field = fieldsOf(place, ['url', 'token_file', 'ca_file', 'lead', 'created_by']);
  return {
    url: serverUrlOf(field('url')),
    tokenFile: optional(field('token_file'), (given) => secretFileOf(given, deps)),
    caFile: optional(field('ca_file'), (given) => readableOf(given, deps)),
    leadSeconds: optional(field('lead'), durationOf) ?? 300,
    createdBy: optional(field('created_by'), nameOf) ?? 'fleetlens-cmdb',
  };
}

function nameOf(place: Place): string {
  const text = textOf(place);
  if (/^[\w.@:/-]{1,100}$/.test(text)) return text;
  throw invalid(place, 'a name without blanks, at most 100 characters');
}

function readableOf(place: Place, { readFile }: ReadDeps): string {
  const path = textOf(place);
  try {
    readFile(path);
    return path;
  } catch (error) {
    throw new ConfigError(`${place.where}: the file ${path} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
}
