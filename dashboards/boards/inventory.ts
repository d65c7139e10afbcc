import { cells, defineBoard } from '../board.ts';
import { cmdbPanels as inventory } from '../panels/cmdb.ts';
import { cmdbHardwarePanels as hardware } from '../panels/cmdb-hardware.ts';
import { cmdbSourcePanels as sources } from '../panels/cmdb-sources.ts';
import { clusterSiteRackNode } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-inventory',
  title: 'Inventory and drift',
  description: 'Is everything there that should be, as recorded and up to date? From all sites down to one rack.',
  audience: 'whoever keeps the machines and their records',
  layers: ['physical', 'platform'],
  tags: ['fleetlens', 'cmdb'],
  from: 'now-24h',
  variables: clusterSiteRackNode,
  next: [
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
    { uid: 'fleetlens-node-and-platform', title: 'Node and platform', asks: 'Are the machines under the GPUs well?' },
    { uid: 'fleetlens-failure-risk', title: 'Failure risk', asks: 'Which GPU is next, and why?' },
    { uid: 'fleetlens-cost-and-usage', title: 'Cost and usage', asks: 'What does it cost, and whom?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: cells(
        4,
        inventory.items,
        inventory.missing,
        inventory.drifting,
        inventory.findings,
        inventory.staleSources,
        inventory.maintenance,
      ),
    },
    {
      title: 'What needs attention',
      cells: cells(12, inventory.alerts, inventory.findingList, inventory.driftList, inventory.missingList),
    },
    {
      title: 'Servers',
      cells: [...cells(8, inventory.byClass, inventory.byState, inventory.byTenant), ...cells(24, inventory.byPlace)],
    },
    { title: 'Baselines', cells: cells(12, inventory.baselineProgress, inventory.baselineHistory) },
    {
      title: 'Hardware out of band',
      cells: [
        ...cells(6, hardware.unreachable, hardware.suppliesFailed, hardware.fansStopped, hardware.powerStates),
        ...cells(12, hardware.power, hardware.hottest, hardware.unhealthy, hardware.failures),
      ],
    },
    {
      title: 'Sources and service discovery',
      cells: [
        ...cells(24, sources.sources),
        ...cells(12, sources.changes, sources.history, sources.targets, sources.refused),
      ],
    },
    {
      title: 'Daemon of the inventory',
      collapsed: true,
      cells: [
        ...cells(4, sources.daemonsDown, sources.leaders, sources.storesDown, sources.dropped),
        ...cells(4, sources.windows, sources.silences),
        ...cells(12, sources.collectors, sources.scrapes),
      ],
    },
  ],
});
