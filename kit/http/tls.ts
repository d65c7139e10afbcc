import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../errors.ts';
import type { TlsSettings } from './web-config.ts';

/** Reads the certificates and proves that key and certificate fit. Throws ConfigError that names the file. */
export function secureContext(tls: TlsSettings): ServerOptions {
  const options: ServerOptions = {
    cert: read(tls.certFile, 'cert_file'),
    key: read(tls.keyFile, 'key_file'),
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    ...(tls.clientCaFile === undefined ? {} : { ca: read(tls.clientCaFile, 'client_ca_file') }),
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
    ...(tls.curves === undefined ? {} : { ecdhCurve: tls.curves }),
    requestCert: tls.clientAuth !== 'NoClientCert',
    rejectUnauthorized: tls.clientAuth === 'RequireAndVerifyClientCert',
  };
  try {
    createSecureContext(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`tls_server_config: ${tls.certFile} and ${tls.keyFile} are no valid pair: ${reason}`);
  }
  return options;
}

function read(file: string, key: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`tls_server_config.${key} cannot be read: ${reason}`);
  }
}
