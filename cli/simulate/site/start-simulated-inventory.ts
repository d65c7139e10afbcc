import { simulatedCluster } from '../cluster.ts';
import type { SimulatedServingKey } from '../inference/simulated-engines.ts';
import type { FakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import { simulatedTenantLabel, startSimulatedKubernetes } from '../kubernetes/simulated-kubernetes.ts';
import { startFakeRedfish } from '../redfish/fake-redfish.ts';
import { simulatedBmcs } from '../redfish/simulated-bmcs.ts';

/** What answers in place of the API server and the management controllers of the simulated cluster. */
export interface SimulatedInventory {
  readonly key: SimulatedServingKey;
  readonly kubernetesUrl: string;
  /** Management controllers by node, and who may ask them. */
  readonly bmcs: readonly { readonly node: string; readonly url: string }[];
  readonly user: string;
  readonly password: string;
  /** As the namespaces name them. */
  readonly tenants: readonly string[];
  readonly stop: () => Promise<void>;
}

/** For servers that live as long as this process, and on loopback. */
const login = { user: 'simulated', password: 'simulated' } as const;

export async function startSimulatedInventory(key: SimulatedServingKey): Promise<SimulatedInventory> {
  const cluster = simulatedCluster(key.nodes);
  const kubernetes = await startSimulatedKubernetes(key);
  const redfish = await startFakeRedfish({ bmcs: simulatedBmcs(cluster, { ...key, ...login }) });
  return {
    key,
    kubernetesUrl: kubernetes.url,
    bmcs: cluster.nodes.map(({ name }) => ({ node: name, url: redfish.urlOf(name) })),
    ...login,
    tenants: tenantsOf(kubernetes),
    stop: async () => {
      await Promise.all([kubernetes.stop(), redfish.stop()]);
    },
  };
}

function tenantsOf({ store }: FakeKubernetes): readonly string[] {
  const names = store.all('namespaces').flatMap(({ metadata }) => metadata.labels?.[simulatedTenantLabel] ?? []);
  return [...new Set(names)].sort();
}
