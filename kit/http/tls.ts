import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ConfigError, reasonOf } from '../errors.ts';
import type { TlsSettings } from './web-config.ts';

/** Reads the certificates and proves that key and certificate fit. Throws ConfigError that names the file. */
export function secureContext(tls: TlsSettings): ServerOptions {
  const cert = read(tls.certFile, 'cert_file');
  const key = read(tls.keyFile, 'key_file');
  proven(`${tls.certFile} and ${tls.keyFile} are no valid pair`, () => createSecureContext({ cert, key }));
  const options: ServerOptions = {
    cert,
    key,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    ...(tls.clientCaFile === undefined ? {} : { ca: readAuthority(tls.clientCaFile) }),
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
    ...(tls.curves === undefined ? {} : { ecdhCurve: tls.curves }),
    requestCert: tls.clientAuth !== 'NoClientCert',
    rejectUnauthorized: tls.clientAuth === 'RequireAndVerifyClientCert',
  };
  proven('cipher_suites, curve_preferences and versions do not go together', () => createSecureContext(options));
  return options;
}

/** The files that `secureContext` reads. */
export function tlsFiles(tls: TlsSettings): readonly string[] {
  return [tls.certFile, tls.keyFile, ...(tls.clientCaFile === undefined ? [] : [tls.clientCaFile])];
}

/** OpenSSL takes a file without certificates as an authority that signed nobody, so it is looked at before. */
function readAuthority(file: string): Buffer {
  const ca = read(file, 'client_ca_file');
  proven(`client_ca_file ${file} holds no certificate`, () => new X509Certificate(ca));
  return ca;
}

function proven(complaint: string, attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    throw new ConfigError(`tls_server_config: ${complaint}: ${reasonOf(error)}`);
  }
}

function read(file: string, key: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError(`tls_server_config.${key} cannot be read: ${reasonOf(error)}`);
  }
}
