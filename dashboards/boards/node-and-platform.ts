import { cells, defineBoard } from '../board.ts';
import { nodePanels as node } from '../panels/node.ts';
import { nodeHealthPanels as health } from '../panels/node-health.ts';
import { nodeLoadPanels as load } from '../panels/node-load.ts';
import { nodeNetworkPanels as network } from '../panels/node-network.ts';
import { nodeStoragePanels as storage } from '../panels/node-storage.ts';
import { platformPanels as platform } from '../panels/platform.ts';
import { platformControlPanels as control } from '../panels/platform-control.ts';
import { platformGpuPanels as gpus } from '../panels/platform-gpus.ts';
import { clusterNode } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-node-and-platform',
  title: 'Node and platform',
  description:
    'Are the machines under the GPUs well, and does Kubernetes give the GPUs out? From all machines down to one, and from all GPUs to a namespace.',
  audience: 'whoever runs the machines and the platform under the GPUs',
  layers: ['system', 'platform'],
  tags: ['fleetlens', 'platform'],
  from: 'now-3h',
  variables: clusterNode,
  next: [
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
    { uid: 'fleetlens-gpu-links', title: 'NVLink and PCIe', asks: 'Are the links between GPUs and to their hosts sound?' },
    { uid: 'fleetlens-inventory', title: 'Inventory and drift', asks: 'Where is it, whose is it, and is it as it should be?' },
    { uid: 'fleetlens-cost-and-usage', title: 'Cost and usage', asks: 'What does it cost, and whom?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: [
        ...cells(4, node.up, node.down, platform.ready, platform.notReady, platform.cordoned, node.firing),
        ...cells(4, node.busy, node.memoryUsed, node.fullest, node.portsDown, node.restarted),
        ...cells(4, platform.pendingGpuPods),
      ],
    },
    { title: 'What needs attention', cells: cells(12, node.alerts, storage.fullest) },
    { title: 'Machines', cells: cells(24, node.machines) },
    {
      title: 'GPUs that Kubernetes gives out',
      cells: [
        ...cells(8, gpus.allocatable, gpus.requested, gpus.withdrawn),
        ...cells(12, gpus.history, gpus.byNamespace, gpus.kinds, gpus.freeNodes),
      ],
    },
    {
      title: 'Pods and quotas',
      collapsed: true,
      cells: [
        ...cells(12, platform.podsByPhase, platform.waiting, platform.quotas, platform.daemonSets),
        ...cells(8, platform.conditions, platform.restarts, platform.podsByNamespace),
      ],
    },
    {
      title: 'CPU and memory',
      collapsed: true,
      cells: cells(12, load.cpu, load.memory, load.pressure, load.loadPerCpu, load.busiest, load.leastMemory),
    },
    {
      title: 'Disks and shares',
      collapsed: true,
      cells: [
        ...cells(12, storage.readonly, storage.hangingShares),
        ...cells(12, storage.readLatency, storage.writeLatency, storage.throughput, storage.busy),
        ...cells(12, storage.nfs, storage.inodes),
        ...cells(24, storage.shares),
      ],
    },
    {
      title: 'Network and fabric',
      collapsed: true,
      cells: [
        ...cells(12, network.fabricTraffic, network.fabricPorts, network.traffic, network.errors),
        ...cells(24, network.fabricErrors),
        ...cells(12, network.busiestFabric, network.linkChanges),
      ],
    },
    {
      title: 'Health of the machines',
      collapsed: true,
      cells: [
        ...cells(4, health.uncorrected, health.corrected, health.oomKills, health.unsynchronised),
        ...cells(4, network.bondsDegraded, storage.failedDisks),
        ...cells(8, health.clock, health.blocked, health.youngest),
      ],
    },
    {
      title: 'Queues, API server and volumes',
      collapsed: true,
      cells: [
        ...cells(12, control.waiting, control.queues),
        ...cells(8, control.requests, control.latency, control.failures),
        ...cells(12, control.volumes, platform.deployments),
      ],
    },
  ],
});
