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

/** Every collector over the inventory, in the order of their names on /metrics. That of the hardware has its own reading. */
export const cmdbCollectors: readonly CmdbCollector[] = [
  infoCollector,
  relationsCollector,
  countsCollector,
  sightingsCollector,
  driftCollector,
  maintenanceCollector,
  sourcesCollector,
  serviceDiscoveryCollector,
  replicaCollector,
];
