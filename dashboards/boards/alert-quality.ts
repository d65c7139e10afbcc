import { cells, defineBoard } from '../board.ts';
import { alertDeliveryPanels as delivery } from '../panels/alert-delivery.ts';
import { alertQualityPanels as alerts } from '../panels/alert-quality.ts';
import { clusterAlert } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-alert-quality',
  title: 'Alert quality',
  description:
    'Which alerts fire, how often and for how long, which of them for nothing, and do they reach people? From all alerts down to one name.',
  audience: 'whoever is on call, and whoever decides what is worth an alert',
  layers: ['platform'],
  tags: ['fleetlens', 'alerts'],
  from: 'now-7d',
  variables: clusterAlert,
  next: [
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
    { uid: 'fleetlens-node-and-platform', title: 'Node and platform', asks: 'Are the machines under the GPUs well?' },
    { uid: 'fleetlens-service-levels', title: 'Service levels', asks: 'What do the errors cost of what was promised?' },
    { uid: 'fleetlens-self', title: 'FleetLens itself', asks: 'Is the monitoring itself well?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: cells(
        4,
        ...[alerts.firing, alerts.pending, alerts.started, alerts.forNothing],
        ...[delivery.suppressed, delivery.failing],
      ),
    },
    {
      title: 'What fires',
      cells: [...cells(12, alerts.bySeverity, alerts.byTeam), ...cells(24, alerts.noisiest)],
    },
    {
      title: 'What could be told better',
      cells: [...cells(12, alerts.flapping, alerts.neverFired), ...cells(24, alerts.longest)],
    },
    {
      title: 'When and where',
      collapsed: true,
      cells: cells(12, alerts.beginnings, alerts.waiting, alerts.byDomain, alerts.busiestCluster),
    },
    {
      title: 'From Prometheus to people',
      cells: [
        ...cells(12, delivery.sent, delivery.messages),
        ...cells(8, delivery.states, delivery.silences, delivery.latency),
      ],
    },
    {
      title: 'Queue and bridge',
      collapsed: true,
      cells: [...cells(12, delivery.queue, delivery.robots, delivery.delivery), ...cells(24, delivery.robotTable)],
    },
  ],
});
