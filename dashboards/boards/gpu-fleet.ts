import { cells, defineBoard } from '../board.ts';
import { billingUsagePanels as usage } from '../panels/billing-usage.ts';
import { gpuPanels as fleet } from '../panels/gpu.ts';
import { gpuDevicePanels as devices } from '../panels/gpu-devices.ts';
import { gpuExporterPanels as exporter } from '../panels/gpu-exporter.ts';
import { gpuFaultPanels as faults } from '../panels/gpu-faults.ts';
import { gpuLoadPanels as load } from '../panels/gpu-load.ts';
import { predictionPanels as risk } from '../panels/prediction.ts';
import { clusterNodeGpuInDetail } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-gpu-fleet',
  title: 'GPU fleet',
  description: 'Are all GPUs there, healthy, cool and busy? From the whole fleet down to one GPU.',
  audience: 'whoever runs the GPUs of a cluster',
  layers: ['physical', 'GPU'],
  tags: ['fleetlens', 'gpu'],
  from: 'now-3h',
  variables: clusterNodeGpuInDetail,
  next: [
    { uid: 'fleetlens-gpu-detail', title: 'GPU detail', asks: 'What does one GPU do, who has it, and is it sound?' },
    {
      uid: 'fleetlens-gpu-links',
      title: 'NVLink and PCIe',
      asks: 'Are the links between GPUs and to their hosts sound?',
    },
    { uid: 'fleetlens-node-and-platform', title: 'Node and platform', asks: 'Are the machines under the GPUs well?' },
    { uid: 'fleetlens-failure-risk', title: 'Failure risk', asks: 'Which GPU is next, and why?' },
    { uid: 'fleetlens-training-runs', title: 'Training runs', asks: 'Do the runs learn, and what holds them up?' },
    {
      uid: 'fleetlens-inventory',
      title: 'Inventory and drift',
      asks: 'Where is it, whose is it, and is it as it should be?',
    },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: [
        ...cells(4, fleet.up, fleet.down, fleet.missing, fleet.tooHot, fleet.recentXid, fleet.firing),
        ...cells(4, fleet.meanUtilization, fleet.memoryFull, fleet.powerNow, fleet.energy),
        ...cells(4, faults.slowed, faults.uncorrectable),
        ...cells(8, exporter.exportersDown, exporter.driversHanging, exporter.failedCollectors),
      ],
    },
    {
      title: 'What needs attention',
      cells: [...cells(12, fleet.alerts, faults.xidList), ...cells(24, faults.downList)],
    },
    {
      title: 'Load and power',
      cells: [
        ...cells(12, load.utilization, load.memory, load.temperature, load.power),
        ...cells(8, fleet.hottestGpus, load.hungriestNodes, load.idlestNodes),
      ],
    },
    {
      title: 'Faults',
      cells: cells(12, faults.heldBack, faults.xidByCode, faults.ecc, faults.pcieReplays),
    },
    { title: 'Failure risk', collapsed: true, cells: cells(24, risk.onFleet) },
    { title: 'Nodes', cells: cells(24, load.nodes) },
    { title: 'Whose time', collapsed: true, cells: cells(24, usage.owners) },
    {
      title: 'GPUs of the node in detail',
      collapsed: true,
      cells: [
        ...cells(12, devices.utilization, devices.memoryUsed, devices.temperature, devices.memoryTemperature),
        ...cells(12, devices.power, devices.clock, devices.fan),
        ...cells(24, devices.facts, devices.inInventory),
      ],
    },
    {
      title: 'Drivers and exporters',
      collapsed: true,
      cells: [
        ...cells(6, exporter.source),
        ...cells(12, exporter.driverStates, exporter.driverRestarts),
        ...cells(8, exporter.collectors, exporter.snapshotAge, exporter.scrapeDuration),
        ...cells(12, exporter.driverVersions, exporter.exporterVersions),
      ],
    },
  ],
});
