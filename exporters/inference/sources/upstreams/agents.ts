import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import type { Upstream } from '../../gateway/gateway.ts';

type Reached = Pick<Upstream, 'url' | 'caFile'>;

/** Connections to upstreams that are kept for the next request. */
export interface Agents {
  readonly of: (upstream: Reached) => HttpAgent;
  /** One that opens a connection for each request. */
  readonly fresh: (upstream: Reached) => HttpAgent;
  /** Closes all connections, also those that are in use. */
  readonly close: () => void;
}

/**
 * Many servers close a connection after 5 s of silence (uvicorn: timeout_keep_alive), and a request that meets that moment is lost. So an
 * idle connection is closed before; the timeout of an agent closes no other.
 */
const idleMs = 4000;
const settings = { keepAlive: true, maxFreeSockets: 256, timeout: idleMs, scheduling: 'lifo' } as const;

/** Upstreams with a file of authorities share an agent by that file. */
export function createAgents(readFile: (path: string) => string): Agents {
  const http = new HttpAgent(settings);
  const https = new HttpsAgent(settings);
  const byAuthority = new Map<string, HttpAgent>();

  function withAuthority(caFile: string): HttpAgent {
    const known = byAuthority.get(caFile);
    if (known !== undefined) return known;
    const agent = new HttpsAgent({ ...settings, ca: readAuthorities(caFile, readFile) });
    byAuthority.set(caFile, agent);
    return agent;
  }

  return {
    of: ({ url, caFile }) => {
      if (url.protocol !== 'https:') return http;
      return caFile === undefined ? https : withAuthority(caFile);
    },
    fresh: ({ url, caFile }) => {
      if (url.protocol !== 'https:') return new HttpAgent();
      return new HttpsAgent(caFile === undefined ? {} : { ca: readAuthorities(caFile, readFile) });
    },
    close: () => {
      for (const agent of [http, https, ...byAuthority.values()]) agent.destroy();
    },
  };
}

/** Certificates of authorities beside the usual ones. Throws ConfigError if the file cannot be read. */
export function readAuthorities(caFile: string, readFile: (path: string) => string): string[] {
  try {
    return [...rootCertificates, readFile(caFile)];
  } catch (error) {
    throw new ConfigError(`ca_file ${caFile} cannot be read: ${reasonOf(error)}`);
  }
}
