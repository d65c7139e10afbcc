import { booleanOf, invalid, oneOf, optional, type Place, textOf } from '../../../../kit/config-values.ts';
import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import type { ServerTrust } from '../../../../kit/http/send-request.ts';
import type { ReadDeps } from '../source-type.ts';
import { isFingerprint } from './bmc-address.ts';

/** Keys that stand at the source as a default and at each controller. */
export const accessKeys = [
  'user_file',
  'password_file',
  'credentials_dir',
  'auth',
  'ca_file',
  'fingerprint',
  'insecure',
] as const;
const maxCaBytes = 1_000_000;

/** How a controller is reached and believed. */
export interface Access {
  readonly userFile: string | undefined;
  readonly passwordFile: string | undefined;
  readonly auth: 'session' | 'basic';
  readonly trust: ServerTrust;
}

export function readAccess(field: (key: string) => Place, deps: ReadDeps, defaults: Access): Access {
  const folder = optional(field('credentials_dir'), textOf);
  const ownUser = optional(field('user_file'), textOf);
  const ownPassword = optional(field('password_file'), textOf);
  if (folder !== undefined && (ownUser ?? ownPassword) !== undefined)
    throw new ConfigError(`${field('credentials_dir').where} cannot be set beside user_file or password_file`);
  return {
    // As Kubernetes mounts a secret of type basic-auth.
    userFile: folder === undefined ? (ownUser ?? defaults.userFile) : `${folder.replace(/\/$/, '')}/username`,
    passwordFile:
      folder === undefined ? (ownPassword ?? defaults.passwordFile) : `${folder.replace(/\/$/, '')}/password`,
    auth: optional(field('auth'), (place) => oneOf(place, ['session', 'basic'])) ?? defaults.auth,
    trust: readTrust(field, deps) ?? defaults.trust,
  };
}

function readTrust(field: (key: string) => Place, deps: ReadDeps): ServerTrust | undefined {
  const caFile = optional(field('ca_file'), textOf);
  const fingerprint = optional(field('fingerprint'), fingerprintOf);
  const isBlind = optional(field('insecure'), booleanOf);
  const given = [caFile, fingerprint, isBlind === true ? true : undefined].filter((each) => each !== undefined);
  if (given.length > 1)
    throw new ConfigError(`${field('ca_file').where}, fingerprint and insecure exclude each other; set one of them`);
  if (caFile !== undefined) return { ca: certificateOf(field('ca_file'), caFile, deps) };
  if (fingerprint !== undefined) return { fingerprint };
  return isBlind === undefined ? undefined : { isBlind };
}

function certificateOf(place: Place, path: string, { readFile }: ReadDeps): string {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new ConfigError(`${place.where}: ${path} cannot be read: ${reasonOf(error)}`);
  }
  if (text.length <= maxCaBytes && text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ConfigError(`${place.where}: ${path} must hold certificates in PEM form`);
}

function fingerprintOf(place: Place): string {
  if (typeof place.value === 'string' && isFingerprint(place.value)) return place.value;
  throw invalid(place, 'a SHA-256 in hexadecimal, as openssl x509 -noout -fingerprint -sha256 prints it');
}
