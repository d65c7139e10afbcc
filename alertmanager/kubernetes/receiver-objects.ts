import type { Receiver } from '../config.ts';
import { type KubernetesSecrets, type SecretKey, secretOf } from './secrets.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Where the operator's words are not those of alertmanager.yml in another spelling. */
const names: Readonly<Record<string, string>> = {
  'discord.webhook_url_file': 'apiURL',
  'webhook.url_file': 'urlSecret',
  'tls_config.ca_file': 'ca',
  'sigv4.role_arn': 'roleArn',
};

/** Settings that are maps there and lists of pairs here. */
const lists = ['headers', 'details'];

/** A receiver in the words of an AlertmanagerConfig, with the entry of a Secret wherever alertmanager.yml has a file. */
export function receiverObject({ name, ...configs }: Receiver, secrets: KubernetesSecrets): Settings {
  return {
    name,
    ...Object.fromEntries(
      Object.entries(configs).map(([key, list]) => {
        const kind = key.replace(/_configs$/, '');
        return [`${kind}Configs`, list.map((settings) => converted(settings, kind, secrets))];
      }),
    ),
  };
}

function converted(settings: Settings, within: string, secrets: KubernetesSecrets): Settings {
  return Object.fromEntries(Object.entries(settings).map((entry) => convertedEntry(entry, within, secrets)));
}

function convertedEntry(
  [key, value]: readonly [string, unknown],
  within: string,
  secrets: KubernetesSecrets,
): readonly [string, unknown] {
  const name = names[`${within}.${key}`] ?? camelCase(key.replace(/_file$/, ''));
  if (key === 'ca_file' && typeof value === 'string') return [name, { secret: selector(value, secrets) }];
  if (key.endsWith('_file') && typeof value === 'string') return [name, selector(value, secrets)];
  if (!isMapping(value)) return [name, value];
  if (lists.includes(key)) return [name, Object.entries(value).map(([each, text]) => ({ key: each, value: text }))];
  return [name, converted(value, key, secrets)];
}

function selector(file: string, secrets: KubernetesSecrets): SecretKey {
  return { ...secretOf(file, secrets) };
}

function isMapping(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `send_resolved` is sendResolved, and `api_url` is apiURL as Go writes it. */
function camelCase(key: string): string {
  const [first = '', ...rest] = key.split('_');
  return [
    first,
    ...rest.map((word) => (isInitials(word) ? word.toUpperCase() : word[0]?.toUpperCase() + word.slice(1))),
  ].join('');
}

function isInitials(word: string): boolean {
  return ['url', 'id', 'arn'].includes(word);
}
