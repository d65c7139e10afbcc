import { cells, defineBoard } from '../board.ts';
import { gpuNvlinkPanels as nvlink } from '../panels/gpu-nvlink.ts';
import { gpuPciePanels as pcie } from '../panels/gpu-pcie.ts';
import { clusterNodeGpuInDetail } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-gpu-links',
  title: 'NVLink and PCIe',
  description:
    'Are the links between GPUs and to their hosts there, fast and without errors, and who uses them? From the whole fleet down to one node.',
  audience: 'whoever runs the GPUs of a cluster, and ML engineers whose collectives are slow',
  layers: ['physical', 'GPU'],
  tags: ['fleetlens', 'gpu'],
  from: 'now-3h',
  variables: clusterNodeGpuInDetail,
  next: [
    { uid: 'fleetlens-gpu-detail', title: 'GPU detail', asks: 'What does each link of one GPU do?' },
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
    { uid: 'fleetlens-node-and-platform', title: 'Node and platform', asks: 'Are the machines under the GPUs well?' },
    { uid: 'fleetlens-training-runs', title: 'Training runs', asks: 'Which runs wait for slow links?' },
    { uid: 'fleetlens-failure-risk', title: 'Failure risk', asks: 'Which GPU is next, and why?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: cells(
        4,
        ...[nvlink.fewer, nvlink.errorsNow, nvlink.trafficNow],
        ...[pcie.narrow, pcie.slow, pcie.replaysNow],
      ),
    },
    {
      title: 'What needs attention',
      cells: cells(12, nvlink.alerts, nvlink.fewerList, nvlink.errorList, pcie.degraded),
    },
    {
      title: 'NVLink',
      cells: cells(8, nvlink.errorCurve, nvlink.traffic, nvlink.busiest),
    },
    {
      title: 'PCIe',
      cells: [...cells(12, pcie.replayCurve, pcie.replayList), ...cells(12, pcie.traffic, pcie.busiest)],
    },
    { title: 'Nodes', cells: cells(24, pcie.nodes) },
    {
      title: 'GPUs of the node in detail',
      collapsed: true,
      cells: cells(12, nvlink.sentByGpu, nvlink.receivedByGpu, pcie.sentByGpu, pcie.receivedByGpu),
    },
  ],
});
