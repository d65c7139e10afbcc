import { fieldsOf, optional, type Place } from '../../../kit/config-values.ts';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { durationOf, serverUrlOf } from '../../../kit/server-fields.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { type RelayConfig, readRelays } from '../alerts/read-relays.ts';
import { readExpectations } from '../expectations/config.ts';
import type { Expectations } from '../expectations/expectation.ts';
import type { Precedence } from '../inventory/precedence.ts';
import { type AlertmanagerConfig, readAlertmanager } from '../maintenance/read-alertmanager.ts';
import { readServiceDiscovery } from '../service-discovery/read-service-discovery.ts';
import type { SdSettings } from '../service-discovery/sd-list.ts';
import type { ReadDeps, SourceType } from '../sources/source-type.ts';
import { type AttributeSchemas, readClasses } from './classes-section.ts';
import { readPrecedence } from './precedence-section.ts';
import { type ConfiguredSource, readSources } from './sources-section.ts';

/** What the file of `--cmdb.file` says. */
export interface CmdbConfig {
  readonly sources: readonly ConfiguredSource[];
  readonly precedence: Precedence;
  readonly classes: AttributeSchemas;
  /** Seconds after which applications and the like that nobody sees are deleted. */
  readonly forgetAfterSeconds: number;
  readonly expectations: Expectations;
  readonly serviceDiscovery: SdSettings;
  /** Undefined where no silences are to be made. */
  readonly alertmanager: AlertmanagerConfig | undefined;
  readonly relays: readonly RelayConfig[];
  /** Where people reach this daemon, for links in alerts. */
  readonly externalUrl: string | undefined;
}

const defaultForgetAfterSeconds = 30 * 86_400;
/** The keys at the top of the file. */
export const cmdbFileKeys = [
  'sources',
  'precedence',
  'precedence_of',
  'classes',
  'forget_after',
  'expectations',
  'not_seen_after',
  'service_discovery',
  'alertmanager',
  'alert_relays',
  'external_url',
];

/** Without a file everything has its default. Throws ConfigError that names the file, the key, the bad value and what is allowed. */
export function readCmdbFile(path: string | undefined, types: readonly SourceType[], deps: ReadDeps): CmdbConfig {
  const where = path ?? '--cmdb.file';
  const field = fieldsOf({ value: document(path, deps) ?? {}, where }, cmdbFileKeys, ': ');
  const at = (key: string): Place => field(key);
  const sources = readSources(at('sources'), types, deps);
  return {
    sources,
    precedence: readPrecedence(at('precedence'), at('precedence_of'), sources),
    classes: readClasses(at('classes')),
    forgetAfterSeconds: optional(at('forget_after'), durationOf) ?? defaultForgetAfterSeconds,
    expectations: readExpectations(at('expectations'), at('not_seen_after')),
    serviceDiscovery: readServiceDiscovery(at('service_discovery')),
    alertmanager: readAlertmanager(at('alertmanager'), deps),
    relays: readRelays(at('alert_relays'), deps),
    externalUrl: optional(at('external_url'), serverUrlOf)?.href,
  };
}

function document(path: string | undefined, { readFile }: ReadDeps): unknown {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new ConfigError(`--cmdb.file cannot be read: ${reasonOf(error)}`);
  }
  return parseYaml(path, text);
}
