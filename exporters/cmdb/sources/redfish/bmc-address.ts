import { invalid } from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import type { Access } from './bmc-access.ts';
import type { BmcTarget } from './bmc-target.ts';

const fingerprintForm = /^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i;
const hostForm = /^(\[[0-9a-f:.]+\]|[a-z0-9]([\w.-]*[a-z0-9])?)(:\d{1,5})?$/i;

/** Where a controller is, before it is known how it is reached. */
export interface BmcAddress {
  readonly host?: string | undefined;
  readonly url?: string | undefined;
  readonly node?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly where: string;
}

export function isFingerprint(text: string): boolean {
  return fingerprintForm.test(text);
}

/** Throws ConfigError that names the place. */
export function targetOf(address: BmcAddress, { userFile, passwordFile, auth, trust }: Access): BmcTarget {
  const url = urlOf(address);
  if (userFile === undefined || passwordFile === undefined)
    throw new ConfigError(
      `${address.where} needs user_file and password_file, or credentials_dir, here or at the source`,
    );
  const own = address.fingerprint === undefined ? trust : { fingerprint: address.fingerprint };
  if (url.protocol === 'http:' && own.isBlind !== true && !isLoopback(url.hostname))
    throw new ConfigError(
      `${address.where} has an address of http://, over which the password goes unencrypted; use https://, or set insecure: true if you accept that`,
    );
  const path = url.pathname.replace(/\/+$/, '');
  return {
    url,
    name: `${url.host}${path}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    node: address.node,
    userFile,
    passwordFile,
    auth,
    trust: own,
  };
}

function urlOf({ host, url, where }: BmcAddress): URL {
  const text = url ?? `https://${host ?? ''}/`;
  const isHost = host === undefined || hostForm.test(host);
  const parsed = isHost && URL.canParse(text) ? new URL(text) : undefined;
  if (parsed !== undefined && (parsed.username !== '' || parsed.password !== ''))
    throw new ConfigError(`${where} must not hold a user or password in its address; name files that hold them`);
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.search !== '' || parsed.hash !== '')
    throw invalid(
      { value: host ?? url, where },
      'a host such as 10.0.0.5 or an address such as https://bmc-1.example:8443',
    );
  return parsed;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
