import { fleetInventory, largeFleet } from '../support/cmdb-fleet.ts';
import type { Bench } from './bench.ts';
import { daemonRows } from './cmdb/daemon.ts';
import { findRows } from './cmdb/find.ts';
import { impactRows } from './cmdb/impact.ts';
import { startSqlSide } from './cmdb/sql-side.ts';

export const cmdb: Bench = {
  name: 'cmdb',
  about: `the inventory of ${largeFleet.nodes.toLocaleString('en')} nodes with ${largeFleet.gpusPerNode} GPUs each, against the same questions in SQL on a PostgreSQL of its own`,
  run: async (progress) => {
    const ofDaemon = await daemonRows(progress);
    const fleet = fleetInventory(largeFleet);
    progress(`${fleet.inventory.size} items and ${[...fleet.inventory.relations()].length} relations into PostgreSQL`);
    const sql = await startSqlSide(fleet.inventory);
    try {
      return [...ofDaemon, ...(await impactRows(fleet, sql, progress)), ...(await findRows(fleet, sql, progress))];
    } finally {
      await sql.stop();
    }
  },
};
