import { setTimeout as sleepMs } from 'node:timers/promises';
import { SourceError } from '../../../../kit/errors.ts';
import type { Problem, Source } from '../../observation.ts';
import type { SourceDeps } from '../source-type.ts';
import { createApiClient } from './api-client.ts';
import type { KubernetesConfig } from './kubernetes-config.ts';
import { createLiveCopy, type ReadObjects } from './live-copy.ts';
import { mapCluster } from './map-cluster.ts';
import { wantedLabelsOf } from './node-attributes.ts';
import { createOwnerBook } from './owner-book.ts';
import { parseNamespace } from './parse-namespace.ts';
import { parseNode } from './parse-node.ts';
import { parsePod } from './parse-pod.ts';
import type { RetryDeps } from './retry-calls.ts';

export interface KubernetesDeps extends SourceDeps, Partial<RetryDeps> {
  readonly silenceSeconds?: number | undefined;
}

/** Sees the nodes, namespaces and applications of one cluster through its API server. */
export function createKubernetesSource(name: string, config: KubernetesConfig, deps: KubernetesDeps): Source {
  const { clock, log, readFile, silenceSeconds, sleep = sleepSeconds, random = Math.random } = deps;
  const client = createApiClient(config, { clock, readFile, sleep, random });
  const watchDeps = { client, clock, log, sleep, random };
  const wantedLabels = wantedLabelsOf(config);
  const nodes = createLiveCopy(
    { resource: 'nodes', silenceSeconds, parse: (object) => parseNode(object, wantedLabels) },
    watchDeps,
  );
  const namespaces = createLiveCopy(
    { resource: 'namespaces', silenceSeconds, parse: (object) => parseNamespace(object, config) },
    watchDeps,
  );
  const pods = createLiveCopy(
    { resource: 'pods', silenceSeconds, parse: (object) => parsePod(object, config.teamLabel) },
    watchDeps,
  );
  const owners = createOwnerBook(client);
  let looking: Promise<unknown> = Promise.resolve();

  // Pods come first, so that all that they refer to is there when it is read.
  async function look({ signal, onProgress }: Parameters<Source['observe']>[0]) {
    const read = {
      pods: config.applications === 'none' ? undefined : await pods.read({ signal, onProgress }),
      nodes: await nodes.read({ signal }),
      namespaces: await namespaces.read({ signal }),
    };
    const alive = [...(read.pods?.objects.values() ?? [])];
    const { topOwner, failed } = await owners.learn(alive, signal);
    return mapCluster(
      {
        nodes: [...read.nodes.objects.values()],
        namespaces: [...read.namespaces.objects.values()],
        pods: alive,
        topOwner,
        ownersFailed: failed,
        problems: Object.entries(read).flatMap(([resource, each]) => problemsOf(resource, each)),
      },
      config,
    );
  }

  return {
    name,
    type: 'kubernetes',
    observe: async (context) => {
      const before = looking;
      const next = before.then(() => look(context));
      looking = next.catch(() => undefined);
      return await next;
    },
    stop: async () => {
      await Promise.all([nodes.stop(), namespaces.stop(), pods.stop()]);
    },
  };
}

function problemsOf(resource: string, read: ReadObjects<unknown> | undefined): readonly Problem[] {
  const { bad = 0, watchRefused } = read ?? {};
  return [
    ...(bad === 0
      ? []
      : [{ subject: resource, reason: `${bad} times an object had no name and uid as Kubernetes allows them` }]),
    ...(watchRefused === undefined
      ? []
      : [{ subject: resource, reason: `all are listed each time, since there is no watch: ${watchRefused}` }]),
  ];
}

async function sleepSeconds(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleepMs(seconds * 1000, undefined, { signal });
  } catch (cause) {
    throw new SourceError('stopped', { cause });
  }
}
