import { cells, defineBoard } from '../board.ts';
import { gpuDetailPanels as device } from '../panels/gpu-detail.ts';
import { gpuDetailHealthPanels as health } from '../panels/gpu-detail-health.ts';
import { gpuDetailLinkPanels as links } from '../panels/gpu-detail-links.ts';
import { gpuDetailLoadPanels as load } from '../panels/gpu-detail-load.ts';
import { gpuHolderPanels as holders } from '../panels/gpu-holders.ts';
import { oneGpu } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-gpu-detail',
  title: 'GPU detail',
  description:
    'What does this one GPU do, who has it, is it sound, and will it stay so? One GPU at a time, by its place or its UUID.',
  audience: 'whoever looks into one GPU, and whoever has it',
  layers: ['physical', 'GPU', 'application'],
  tags: ['fleetlens', 'gpu'],
  from: 'now-3h',
  variables: oneGpu,
  next: [
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'How are the others on its node and in its cluster?' },
    { uid: 'fleetlens-node-and-platform', title: 'Node and platform', asks: 'Are the machines under the GPUs well?' },
    { uid: 'fleetlens-gpu-links', title: 'NVLink and PCIe', asks: 'Are links of others affected, too?' },
    { uid: 'fleetlens-training-runs', title: 'Training runs', asks: 'What do the runs do?' },
    { uid: 'fleetlens-failure-risk', title: 'Failure risk', asks: 'How does it stand against the rest of the fleet?' },
    { page: 'inventory', about: 'uuid', title: 'Inventory of this GPU', asks: 'Where is it, and what breaks with it?' },
    { page: 'risk', about: 'uuid', title: 'Risk of this GPU', asks: 'Why is it likely to fail, and how sure is that?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: cells(
        4,
        ...[device.up, device.utilization, device.memoryFull, device.temperature],
        ...[device.margin, device.powerOfLimit],
      ),
    },
    {
      title: 'Who has it, and where is it?',
      cells: [...cells(12, holders.holders, holders.runs), ...cells(24, device.facts, device.place)],
    },
    {
      title: 'What needs attention',
      cells: [...cells(4, device.firing), ...cells(8, device.alerts), ...cells(12, health.xids)],
    },
    {
      title: 'Load, heat and power',
      cells: cells(12, load.utilization, load.temperature, load.power, load.reasons),
    },
    {
      title: 'More about load and clocks',
      collapsed: true,
      cells: cells(12, load.activity, load.memory, load.clocks, load.throttled, load.engines, load.fan),
    },
    {
      title: 'Memory and faults',
      collapsed: true,
      cells: [
        ...cells(4, health.eccMode, health.remapPending, health.remapFailure),
        ...cells(12, health.remapped, health.ecc, health.banks, health.recovery, device.failure),
      ],
    },
    {
      title: 'Failure risk',
      collapsed: true,
      cells: [...cells(12, health.probability, health.rules, health.probabilities, health.anomalies)],
    },
    {
      title: 'PCIe and NVLink',
      collapsed: true,
      cells: [
        ...cells(12, links.pcieTraffic, links.pcieLink, links.nvlinkTraffic, links.nvlinks),
        ...cells(12, links.byLink, links.pcieReplays),
        ...cells(24, links.nvlinkTable),
      ],
    },
    {
      title: 'Whose memory and time',
      collapsed: true,
      cells: [
        ...cells(12, holders.memory, holders.computing, holders.processes, holders.past),
        ...cells(24, holders.instances),
      ],
    },
  ],
});
