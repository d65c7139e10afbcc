import { cells, defineBoard } from '../board.ts';
import { alertDeliveryPanels as delivery } from '../panels/alert-delivery.ts';
import { selfPanels as daemons } from '../panels/self.ts';
import { selfServicePanels as services } from '../panels/self-services.ts';
import { clusterJob } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-self',
  title: 'FleetLens itself',
  description:
    'Is the monitoring itself well: do all daemons answer, is everything collected, in time, and at what cost? From all daemons down to those of one scrape job.',
  audience: 'whoever runs FleetLens',
  layers: ['platform', 'system'],
  tags: ['fleetlens', 'self'],
  from: 'now-6h',
  variables: clusterJob,
  next: [
    { uid: 'fleetlens-alert-quality', title: 'Alert quality', asks: 'Do alerts reach people, and are they worth it?' },
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'What do GPU exporters and drivers say?' },
    { uid: 'fleetlens-inventory', title: 'Inventory and drift', asks: 'How is each source of the inventory?' },
    { uid: 'fleetlens-cost-and-usage', title: 'Cost and usage', asks: 'Is everything metered?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: cells(
        4,
        ...[daemons.down, daemons.failing, daemons.badConfigs],
        ...[daemons.rejected, daemons.restarts, daemons.series],
      ),
    },
    {
      title: 'Daemons',
      cells: [...cells(24, daemons.jobs), ...cells(12, daemons.downList, daemons.versions)],
    },
    {
      title: 'Collecting',
      cells: cells(12, daemons.failures, daemons.durations, daemons.scrapes, daemons.snapshotAge),
    },
    {
      title: 'Databases, leaders and sources',
      cells: [...cells(8, services.stores, services.leaders, services.dropped), ...cells(24, services.sources)],
    },
    {
      title: 'What it costs',
      collapsed: true,
      cells: cells(12, daemons.seriesCurve, daemons.churn, daemons.memory, daemons.cpu),
    },
    {
      title: 'Restarts, configurations and requests',
      collapsed: true,
      cells: [...cells(8, daemons.restartCurve, daemons.reloads, daemons.rejectedCurve)],
    },
    {
      title: 'Prometheus and its rules',
      collapsed: true,
      cells: [...cells(12, services.heaviest, services.ruleFailures, services.head, delivery.sent)],
    },
    {
      title: 'Bridge',
      collapsed: true,
      cells: [...cells(24, delivery.robotTable), ...cells(12, delivery.robots, delivery.delivery)],
    },
  ],
});
