import type { IncomingHttpHeaders } from 'node:http';
import { parseRetryAfterMs } from '../../../../kit/prometheus-api/retry.ts';
import { textIn } from '../json-value.ts';
import { ApiError } from './api-error.ts';
import { apiResources, type ResourceName } from './api-resources.ts';

export interface RefusedCall {
  readonly server: string;
  readonly verb: 'list' | 'watch';
  readonly resource: ResourceName;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly nowSeconds: number;
  /** Where the token comes from, in words. */
  readonly tokenPlace: string;
}

/** What an answer other than 200 means, and what to do about it. */
export function explainStatus(call: RefusedCall): ApiError {
  const { server, verb, resource, status, headers, nowSeconds, tokenPlace } = call;
  const told = reasonIn(call.body);
  const place = `${server}: ${verb} ${resource}`;
  switch (status) {
    case 401:
      return new ApiError(
        'unauthorized',
        `${place}: the API server does not know the token (401); see that ${tokenPlace} and has not expired`,
      );
    case 403:
      return new ApiError('forbidden', `${place}: not allowed (403${told}); ${missingRule(resource)}`);
    case 404:
      return new ApiError('other', `${place}: there is no such resource (404); is this the address of an API server?`);
    case 410:
      return new ApiError('expired', `${place}: what was asked for is too old (410${told})`);
    default: {
      const isPassing = status === 429 || status >= 500;
      const retryAfterSeconds = parseRetryAfterMs(headers['retry-after'] ?? null, nowSeconds) / 1000;
      return new ApiError(isPassing ? 'passing' : 'other', `${place}: answered ${status}${told}`, {
        retryAfterSeconds,
      });
    }
  }
}

function missingRule(resource: ResourceName): string {
  const { group } = apiResources[resource];
  return `the ClusterRole needs the rule apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["get", "list", "watch"], as in deploy/kubernetes/cmdb-rbac.yaml`;
}

/** The words of a Status body. What is none may be a page of a proxy, which nobody wants to read. */
function reasonIn(body: string): string {
  const message = textIn(parsed(body), 'message');
  return message === undefined ? '' : `: ${message.slice(0, 300)}`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
