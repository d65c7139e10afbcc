import type { PodResources } from '../../attribution/inputs.ts';
import { createKubeletConnection } from './connection.ts';
import { failureOf, isWithoutMethod } from './failure.ts';
import { createListDecoder, decodeAllocatable } from './pod-resources-messages.ts';
import { resourceMatcher } from './resource-patterns.ts';
import { socketExists } from './socket.ts';

export interface PodResourcesOptions {
  readonly socket: string;
  /** Resource names and names of DRA drivers; * at the end matches any rest. */
  readonly resources: readonly string[];
  readonly timeoutSeconds: number;
  /** Of one answer. */
  readonly maxBytes?: number;
}

const service = '/v1.PodResourcesLister';
const defaultMaxBytes = 16 * 1024 * 1024;

/**
 * The pod resources API of the kubelet, gRPC over a Unix socket. A kubelet that cannot tell what is allocatable gives an empty map. Of one
 * container and resource there is one entry, also where the kubelet has one for each device.
 */
export function createPodResources(options: PodResourcesOptions): PodResources {
  const { socket, resources, timeoutSeconds, maxBytes = defaultMaxBytes } = options;
  const isWanted = resourceMatcher(resources);
  const decodeList = createListDecoder(isWanted);
  const connection = createKubeletConnection({ socket, timeoutSeconds, maxBytes });

  async function list(): ReturnType<PodResources['list']> {
    try {
      return decodeList(await connection.call(`${service}/List`));
    } catch (error) {
      throw failureOf(error, { socket, method: 'List', timeoutSeconds, maxBytes });
    }
  }

  async function allocatable(): ReturnType<PodResources['allocatable']> {
    try {
      return decodeAllocatable(await connection.call(`${service}/GetAllocatableResources`), isWanted);
    } catch (error) {
      if (isWithoutMethod(error)) return new Map();
      throw failureOf(error, { socket, method: 'GetAllocatableResources', timeoutSeconds, maxBytes });
    }
  }

  return { isPresent: () => socketExists(socket), list, allocatable, close: connection.close };
}
