import { connectionsCollector } from './connections.ts';
import type { InferenceCollector } from './inference-collector.ts';
import { qualityCollector } from './quality.ts';
import { tenantsCollector } from './tenants.ts';
import { upstreamsCollector } from './upstreams.ts';

/** Every collector, in the order of their names on /metrics. What is counted request by request needs none. */
export const inferenceCollectors: readonly InferenceCollector[] = [
  connectionsCollector,
  upstreamsCollector,
  tenantsCollector,
  qualityCollector,
];
