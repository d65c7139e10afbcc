import type { Clock } from '../../../../kit/clock.ts';
import { ConfigError, reasonOf } from '../../../../kit/errors.ts';

import type { Upstream } from '../../gateway/gateway.ts';

/** The text of a file that may be replaced while it is used, such as a mounted secret. */
interface SecretFile {
  /** Throws ConfigError where it cannot be read and never could. */
  readonly read: () => string;
}

const rereadSeconds = 5;
const longestSecret = 16_384;

function createSecretFile(path: string, readFile: (path: string) => string, clock: Clock): SecretFile {
  let text: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    read: () => {
      const now = clock.monotonic();
      if (text !== undefined && now - readAt < rereadSeconds) return text;
      readAt = now;
      try {
        text = secretOf(path, readFile(path));
      } catch (error) {
        // A secret is replaced by a rename, during which there may be none.
        if (text === undefined) throw error;
      }
      return text;
    },
  };
}

function secretOf(path: string, content: string): string {
  const secret = content.trim();
  if (secret !== '' && secret.length <= longestSecret && /^[\x21-\x7e]+$/.test(secret)) return secret;
  throw new ConfigError(`${path} must hold one key of visible characters`);
}

/** The key that the proxy itself has for an upstream, if it has any. What it returns throws ConfigError where the file never could be read. */
export function createUpstreamKeys(
  readFile: (path: string) => string,
  clock: Clock,
): (upstream: Pick<Upstream, 'apiKeyFile'>) => string | undefined {
  const secrets = new Map<string, SecretFile>();
  return ({ apiKeyFile }) => {
    if (apiKeyFile === undefined) return undefined;
    const secret = secrets.get(apiKeyFile) ?? createSecretFile(apiKeyFile, readFile, clock);
    secrets.set(apiKeyFile, secret);
    return secret.read();
  };
}

/** Throws ConfigError if the file cannot be used. */
export function checkSecretFile(path: string, readFile: (path: string) => string): void {
  try {
    secretOf(path, readFile(path));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}
