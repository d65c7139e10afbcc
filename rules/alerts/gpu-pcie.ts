import { gpu } from '../../metrics/gpu.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';

const width = perGpu(promql`max_over_time(${gpu.gpu_pcie_link_width}[5m])`);
const widthMax = perGpu(recent(gpu.gpu_pcie_link_width_max));
const generation = perGpu(promql`max_over_time(${gpu.gpu_pcie_link_generation}[5m])`);
const generationMax = perGpu(recent(gpu.gpu_pcie_link_generation_max));
const load = perGpu(promql`avg_over_time(${gpu.gpu_utilization_ratio}[5m])`);

export default defineAlerts({
  theme: 'gpu-pcie',
  alerts: [
    {
      name: 'GpuPcieDowngrade',
      // Each generation doubles the bandwidth of a lane, so both halves give the share of the full bandwidth.
      expr: promql`${width} / ${widthMax} < 1
or
(
  2 ^ (${generation} - ${generationMax}) < 1
  and on (cluster, node, gpu_id, uuid)
  ${load} > ${thresholds.gpuPcieLoadRatio}
)`,
      thresholds: ['gpuPcieLoadRatio'],
      for: '5m',
      keepFiringFor: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'The PCIe link of a GPU runs below what GPU and slot support.',
      description:
        'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} has {{ $value | humanizePercentage }} of its PCIe bandwidth. Compare LnkSta with LnkCap in lspci -vv on the node.',
      runbook: {
        meaning:
          'Lanes or speed of the link are missing. Loading data, checkpoints and traffic between nodes are slower by the share that is missing; work that stays on the GPU is not.',
        firstLook: [
          'On the node: `nvidia-smi --query-gpu=index,pci.bus_id,pcie.link.gen.current,pcie.link.gen.max,pcie.link.width.current,pcie.link.width.max --format=csv`.',
          'What the slot says: `lspci -s <pci bus id> -vv | grep -E "LnkCap:|LnkSta:"`.',
          'Errors on the link: `dmesg -T | grep -i aer`, and GpuPcieReplay on the same GPU.',
        ],
        remedy: [
          'Drain the node and reboot it: the link is trained anew.',
          'If it stays: reseat board, riser or cable; then try the board in another slot to tell board from slot.',
          'If a whole model of machine shows it, look for a BIOS setting of the slot (bifurcation, link speed).',
        ],
      },
      fires: {
        when: 'A busy GPU runs at generation 4 in a slot of generation 5',
        series: [
          [series(gpu.gpu_pcie_link_width, exampleGpuTarget), '16x15'],
          [series(gpu.gpu_pcie_link_width_max, exampleGpuTarget), '16x15'],
          [series(gpu.gpu_pcie_link_generation, exampleGpuTarget), '4x15'],
          [series(gpu.gpu_pcie_link_generation_max, exampleGpuTarget), '5x15'],
          [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0.9x15'],
        ],
        at: '10m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'An idle GPU saves power at generation 1, with all its lanes',
        series: [
          [series(gpu.gpu_pcie_link_width, exampleGpuTarget), '16x15'],
          [series(gpu.gpu_pcie_link_width_max, exampleGpuTarget), '16x15'],
          [series(gpu.gpu_pcie_link_generation, exampleGpuTarget), '1x15'],
          [series(gpu.gpu_pcie_link_generation_max, exampleGpuTarget), '5x15'],
          [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0.1x15'],
        ],
        at: '10m',
      },
    },
    {
      name: 'GpuPcieReplay',
      expr: promql`${perGpu(promql`rate(${gpu.gpu_pcie_replays_total}[10m])`)} * 60 > ${thresholds.gpuPcieReplaysPerMinute}`,
      thresholds: ['gpuPcieReplaysPerMinute'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'Packets on the PCIe link of a GPU have to be sent again and again.',
      description:
        'The PCIe link of GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} replays {{ $value | humanize }} packets a minute. Look for PCIe errors in the kernel log of the node.',
      runbook: {
        meaning:
          'The link has bad signals. Nothing is lost, since packets are sent again, but transfers slow down, and the link may drop lanes or the GPU may fall off the bus.',
        firstLook: [
          'On the node: `nvidia-smi --query-gpu=index,pcie.link.gen.current,pcie.link.width.current --format=csv` and `nvidia-smi -q -i <gpu_id> | grep -i replay`.',
          'Errors on the link: `dmesg -T | grep -i -E "aer|pcieport"`.',
        ],
        remedy: [
          'At the next window: drain the node, reseat board, riser or cable, clean the contacts.',
          'If it stays with the board in another slot, exchange the board; if it stays with the slot, the baseboard.',
        ],
      },
      fires: {
        when: 'Nine replays a minute for half an hour',
        series: [[series(gpu.gpu_pcie_replays_total, exampleGpuTarget), '0+9x30']],
        at: '25m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'Seven replays a minute',
        series: [[series(gpu.gpu_pcie_replays_total, exampleGpuTarget), '0+7x30']],
        at: '25m',
      },
    },
  ],
});
