import { validateHeaderValue } from 'node:http';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import { nearest } from '../options/nearest.ts';
import { cut, preview } from '../options/preview.ts';
import { parseYaml } from '../yaml.ts';
import { opensslCiphers } from './cipher-suites.ts';

/**
 * TLS, basic authentication and response headers from a file in the format of Prometheus' exporter-toolkit
 * (github.com/prometheus/exporter-toolkit, docs/web-configuration.md). `rate_limit` is refused; `http2` is accepted and ignored.
 */
export interface WebConfig {
  readonly tls: TlsSettings | undefined;
  /** bcrypt hash by user name; empty means no authentication. */
  readonly users: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TlsSettings {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string | undefined;
  readonly clientAuth: ClientAuth;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly ciphers: string | undefined;
  readonly curves: string | undefined;
}

/** Node can enforce these; RequireAnyClientCert and VerifyClientCertIfGiven it cannot, so they are refused rather than weakened. */
const clientAuthTypes = ['NoClientCert', 'RequestClientCert', 'RequireAndVerifyClientCert'] as const;
export type ClientAuth = (typeof clientAuthTypes)[number];

const tlsVersions = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;
export type TlsVersion = (typeof tlsVersions)[keyof typeof tlsVersions];

const curves: Readonly<Record<string, string>> = {
  CurveP256: 'P-256',
  CurveP384: 'P-384',
  CurveP521: 'P-521',
  X25519: 'X25519',
};

const headerNames = [
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'X-XSS-Protection',
] as const;

const keys = {
  top: ['tls_server_config', 'http_server_config', 'basic_auth_users'],
  tls: [
    'cert_file',
    'key_file',
    'client_ca_file',
    'client_auth_type',
    'min_version',
    'max_version',
    'cipher_suites',
    'curve_preferences',
    'prefer_server_cipher_suites',
  ],
  http: ['http2', 'headers'],
} as const;

type Mapping = Readonly<Record<string, unknown>>;

/** Parses the text of the file; paths in it are relative to its folder. Throws ConfigError with file and key. */
export function parseWebConfig(file: string, text: string): WebConfig {
  const top = mapping(file, '', parseYaml(file, text) ?? {}, keys.top);
  const http = mapping(file, 'http_server_config', top['http_server_config'] ?? {}, keys.http);
  return {
    tls: top['tls_server_config'] === undefined ? undefined : parseTls(file, top['tls_server_config']),
    users: parseUsers(file, top['basic_auth_users']),
    headers: parseHeaders(file, http['headers']),
  };
}

function parseTls(file: string, raw: unknown): TlsSettings {
  const tls = mapping(file, 'tls_server_config', raw, keys.tls);
  const path = (key: string): string => resolve(dirname(file), text(file, `tls_server_config.${key}`, tls[key]));
  const clientAuth = oneOf(
    file,
    'tls_server_config.client_auth_type',
    tls['client_auth_type'] ?? 'NoClientCert',
    clientAuthTypes,
  );
  const clientCaFile = tls['client_ca_file'] === undefined ? undefined : path('client_ca_file');
  if (clientAuth === 'RequireAndVerifyClientCert' && clientCaFile === undefined) {
    throw new ConfigError(`${file}: tls_server_config.client_auth_type ${clientAuth} needs client_ca_file`);
  }
  if (clientAuth === 'NoClientCert' && clientCaFile !== undefined) {
    throw new ConfigError(
      `${file}: tls_server_config.client_ca_file has no effect without client_auth_type, such as RequireAndVerifyClientCert`,
    );
  }
  return {
    certFile: path('cert_file'),
    keyFile: path('key_file'),
    clientCaFile,
    clientAuth,
    ...parseVersions(file, tls['min_version'] ?? 'TLS12', tls['max_version'] ?? 'TLS13'),
    ciphers: opensslCiphers(file, texts(file, 'tls_server_config.cipher_suites', tls['cipher_suites'])),
    curves: parseCurves(file, texts(file, 'tls_server_config.curve_preferences', tls['curve_preferences'])),
  };
}

function parseVersions(file: string, min: unknown, max: unknown): { minVersion: TlsVersion; maxVersion: TlsVersion } {
  const names = Object.keys(tlsVersions) as (keyof typeof tlsVersions)[];
  const minName = oneOf(file, 'tls_server_config.min_version', min, names);
  const maxName = oneOf(file, 'tls_server_config.max_version', max, names);
  if (names.indexOf(minName) > names.indexOf(maxName)) {
    throw new ConfigError(
      `${file}: tls_server_config.min_version must not be above max_version, got ${minName} and ${maxName}`,
    );
  }
  return { minVersion: tlsVersions[minName], maxVersion: tlsVersions[maxName] };
}

function parseCurves(file: string, names: readonly string[] | undefined): string | undefined {
  return names
    ?.map((name) => {
      const curve = Object.hasOwn(curves, name) ? curves[name] : undefined;
      if (curve !== undefined) return curve;
      throw new ConfigError(
        `${file}: tls_server_config.curve_preferences must hold ${Object.keys(curves).join(', ')}, got ${preview(name)}`,
      );
    })
    .join(':');
}

/** $2x$ marks hashes of a broken implementation; cost 4 to 31 is what bcrypt has. */
const bcryptHash = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

function parseUsers(file: string, raw: unknown): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const [user, hash] of Object.entries(mapping(file, 'basic_auth_users', raw ?? {}, undefined))) {
    if (typeof hash !== 'string' || !bcryptHash.test(hash)) {
      throw new ConfigError(
        `${file}: basic_auth_users.${cut(user)} must be a bcrypt hash ($2y$…), as htpasswd -nBC 10 "" makes it`,
      );
    }
    users.set(user, hash);
  }
  return users;
}

function parseHeaders(file: string, raw: unknown): Readonly<Record<string, string>> {
  const headers = mapping(file, 'http_server_config.headers', raw ?? {}, headerNames);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      headerValue(file, name, text(file, `http_server_config.headers.${name}`, value)),
    ]),
  );
}

function headerValue(file: string, name: string, value: string): string {
  try {
    validateHeaderValue(name, value);
    return value;
  } catch {
    throw new ConfigError(
      `${file}: http_server_config.headers.${name} must hold no line breaks and only Latin-1, got ${preview(value)}`,
    );
  }
}

function mapping(file: string, key: string, raw: unknown, allowed: readonly string[] | undefined): Mapping {
  const place = key === '' ? file : `${file}: ${key}`;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new ConfigError(`${place} must hold keys and values`);
  const unknown = Object.keys(raw).find((name) => allowed !== undefined && !allowed.includes(name));
  if (unknown === undefined) return raw as Mapping;
  const candidate = nearest(unknown, allowed ?? []);
  throw new ConfigError(
    `${place} has an unknown key ${cut(unknown)}${candidate === undefined ? '' : `; did you mean ${candidate}?`}`,
  );
}

function text(file: string, key: string, raw: unknown): string {
  if (typeof raw === 'string' && raw !== '') return raw;
  throw new ConfigError(`${file}: ${key} must be a text that is not empty`);
}

function texts(file: string, key: string, raw: unknown): readonly string[] | undefined {
  if (raw === undefined) return undefined;
  if (Array.isArray(raw) && raw.every((item) => typeof item === 'string')) return raw;
  throw new ConfigError(`${file}: ${key} must be a list of texts`);
}

function oneOf<V extends string>(file: string, key: string, raw: unknown, allowed: readonly V[]): V {
  const value = allowed.find((candidate) => candidate === raw);
  if (value !== undefined) return value;
  throw new ConfigError(`${file}: ${key} must be one of ${allowed.join(', ')}, got ${preview(raw)}`);
}
