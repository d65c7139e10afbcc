import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { secureContext } from '../../../kit/http/tls.ts';
import { parseWebConfig, type TlsSettings } from '../../../kit/http/web-config.ts';

/** TLS of the proxy from the file of `--proxy.tls-file`, with certificates that fit. Throws ConfigError. */
export function readProxyTls(file: string | undefined, readFile: (path: string) => string): TlsSettings | undefined {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    throw new ConfigError(`--proxy.tls-file cannot be read: ${reasonOf(error)}`);
  }
  const { tls, users } = parseWebConfig(file, text);
  if (users.size > 0)
    throw new ConfigError(`${file}: basic_auth_users is not for the proxy, whose clients have API keys`);
  if (tls === undefined) throw new ConfigError(`${file} must have tls_server_config`);
  secureContext(tls);
  return tls;
}
