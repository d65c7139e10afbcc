import type { CmdbCollector } from './cmdb-collector.ts';
import { countsCollector } from './counts.ts';
import { driftCollector } from './drift.ts';
import { infoCollector } from './info.ts';
import { maintenanceCollector } from './maintenance.ts';
import { relationsCollector } from './relations.ts';
import { replicaCollector } from './replica.ts';
import { serviceDiscoveryCollector } from './service-discovery.ts';
import { sightingsCollector } from './sightings.ts';
import { sourcesCollector } from './sources.ts';

/** What changes with the inventory alone, and is most of what there is to show. */
export const factCollectors: readonly CmdbCollector[] = [infoCollector, relationsCollector];

/** Every other collector over the inventory, in the order of their names on /metrics. That of the hardware has its own reading. */
export const stateCollectors: readonly CmdbCollector[] = [
  countsCollector,
  sightingsCollector,
  driftCollector,
  maintenanceCollector,
  sourcesCollector,
  serviceDiscoveryCollector,
  replicaCollector,
];
