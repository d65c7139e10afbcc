import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endCliProcesses, startCli } from '../../support/cli.ts';
import { type FleetSize, largeFleet } from '../../support/cmdb-fleet.ts';
import { eventually } from '../../support/eventually.ts';
import { importFleet } from '../cmdb/import-fleet.ts';

export interface Inventory {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const sizes: ReadonlyMap<number, FleetSize> = new Map([
  [1, { nodes: 1, gpusPerNode: 1, applications: 1, gpusPerApplication: 1 }],
  [100, { nodes: 25, gpusPerNode: 4, applications: 12, gpusPerApplication: 8 }],
  [10_000, largeFleet],
]);

/** The real inventory with a made-up fleet of so many GPUs. */
export async function startInventory(gpus: number): Promise<Inventory> {
  const size = sizes.get(gpus);
  if (size === undefined) throw new Error(`no fleet of ${gpus} GPUs`);
  const folder = mkdtempSync(join(tmpdir(), 'grafana-bench-'));
  await importFleet(join(folder, 'db'), [size]);
  const child = await startCli(['cmdb', `--store.folder=${join(folder, 'db')}`, '--web.listen-address=127.0.0.1:0']);
  const url = await eventually(
    'the inventory to listen',
    () => {
      if (child.end() !== undefined) throw new Error(`it ended with ${child.end()}: ${child.stderr()}`);
      return / msg=listening .*url=(\S+)/.exec(child.stderr())?.[1];
    },
    { withinSeconds: 120 },
  );
  return {
    url,
    stop: async () => {
      await endCliProcesses();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
