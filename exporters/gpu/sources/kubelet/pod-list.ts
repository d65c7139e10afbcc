import { ConfigError, reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { PodDirectory } from '../../attribution/inputs.ts';
import { readCertificateAuthority, readToken } from './credentials.ts';
import { boundedGet } from './http-get.ts';
import { parsePodList } from './pod-list-json.ts';

export interface PodListOptions {
  /** Of the kubelet (…/pods) or of the API server (/api/v1/pods?fieldSelector=…). */
  readonly url: string;
  readonly tokenFile?: string | undefined;
  readonly caFile?: string | undefined;
  /** Names of the labels that are kept. */
  readonly labels: readonly string[];
  readonly timeoutSeconds: number;
  readonly maxBytes?: number;
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Pods as a Kubernetes PodList over HTTP. Throws ConfigError if the URL cannot be used; messages never hold the token or the query. */
export function createPodList(options: PodListOptions): PodDirectory {
  const { tokenFile, caFile, labels, timeoutSeconds, maxBytes = defaultMaxBytes } = options;
  const url = parseUrl(options.url, tokenFile !== undefined);

  async function read(): ReturnType<PodDirectory['read']> {
    const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
    const ca = caFile === undefined ? undefined : await readCertificateAuthority(caFile);
    const { status, body } = await boundedGet({ url, token, ca, timeoutSeconds, maxBytes });
    if (status !== 200) throw new Error(refusal(status));
    return parsePodList(body, labels);
  }

  return {
    read: () =>
      read().catch((error: unknown) => {
        throw new SourceError(`pod list at ${url.origin}${url.pathname}: ${reasonOf(error)}`);
      }),
  };
}

function parseUrl(raw: string, hasToken: boolean): URL {
  const option = '--kubernetes.pod-list-url';
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(`${option} must be an http or https URL such as https://127.0.0.1:10250/pods`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(
      `${option} must not hold a user name or a password; give a file with --kubernetes.pod-list-token-file`,
    );
  }
  if (url.protocol === 'http:' && hasToken && !isLoopback(url.hostname)) {
    throw new ConfigError(
      `${option} must be an https URL: over http the token would go through the network for all to read`,
    );
  }
  // Lets the API server answer from its memory, without asking etcd.
  if (url.pathname.startsWith('/api/v1/pods') && !url.searchParams.has('resourceVersion')) {
    url.searchParams.set('resourceVersion', '0');
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function refusal(status: number): string {
  if (status === 401) return 'answered 401: the token is not accepted; see --kubernetes.pod-list-token-file';
  if (status === 403) {
    return (
      'answered 403: the account may not see pods; give it get on nodes/proxy for the kubelet (nodes/pods since Kubernetes 1.33), ' +
      'list on pods for the API server'
    );
  }
  if (status >= 300 && status < 400)
    return `answered ${status}, a redirect, which is not followed; give the final address`;
  if (status === 404) return 'answered 404: no pods are listed there; is the path right?';
  return `answered ${status} instead of 200`;
}
