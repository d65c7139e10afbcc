import { ConfigError } from '../errors.ts';
import { preview } from '../options/preview.ts';

/** Go's names of TLS 1.2 cipher suites, as exporter-toolkit takes them, and OpenSSL's. TLS 1.3 suites cannot be chosen in either. */
const openssl: Readonly<Record<string, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
};

/** OpenSSL's cipher string for a list of Go names; undefined leaves Node's default. */
export function opensslCiphers(file: string, names: readonly string[] | undefined): string | undefined {
  const chosen = names
    ?.filter((name) => !/^TLS_(AES|CHACHA20)_/.test(name))
    .map((name) => {
      const cipher = Object.hasOwn(openssl, name) ? openssl[name] : undefined;
      if (cipher !== undefined) return cipher;
      throw new ConfigError(
        `${file}: tls_server_config.cipher_suites does not know ${preview(name)}; known are ${Object.keys(openssl).join(', ')}`,
      );
    });
  return chosen === undefined || chosen.length === 0 ? undefined : chosen.join(':');
}
