import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { drainNode, exchangeBoard, readLinks, whichGpu } from '../gpu-texts.ts';
import { gpuSlowGroup } from '../recording/gpu-slow.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';
import { resetGpu } from './gpu-xid.ts';

const linksUp = gpuSlowGroup.series['gpu:gpu_nvlink_up:sum'];
const crc = select(gpu.gpu_nvlink_errors_total, { kind: { re: 'crc_flit|crc_data' } });
const recovery = select(gpu.gpu_nvlink_errors_total, { kind: 'recovery' });

const fabric =
  'With NVSwitch: `systemctl status nvidia-fabricmanager` and `nvidia-smi -q -i <gpu_id> | grep -A4 Fabric`.';
const oneOrAll =
  'One link or many: `sum by (link, kind) (increase(gpu_nvlink_errors_total{uuid="<uuid>"}[1h])) > 0`. Many links of many GPUs point to a switch or its tray.';

function exampleErrors(kind: string, values: string, link = '0') {
  return [series(gpu.gpu_nvlink_errors_total, { ...exampleGpuTarget, link, kind }), values] as const;
}

/** Links between GPUs. A GPU has up to 18 with four kinds of errors each, so these are evaluated less often. */
export default defineAlerts({
  theme: 'gpu-links',
  interval: '1m',
  alerts: [
    {
      name: 'GpuNvlinkDown',
      // Boards without a bridge show links that were never up, so a link counts as down only if it has been up.
      expr: promql`max_over_time(${linksUp}[1d]) - ${recent(linksUp)} > 0`,
      for: '2m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'NVLink links of a GPU went down.',
      description: `{{ $value | humanize }} NVLink links of ${whichGpu} are down that were up within the last day. Drain the node and reset the GPU.`,
      runbook: {
        meaning:
          'Collectives over the links fail or fall back to PCIe, which is slower by a factor of ten. Jobs on this GPU alone go on.',
        firstLook: [readLinks, fabric, 'Which links: `gpu_nvlink_up{uuid="<uuid>"} == 0`.'],
        remedy: [
          drainNode,
          resetGpu,
          'With NVSwitch restart the fabric manager after the reset: `systemctl restart nvidia-fabricmanager`.',
          'The links stay down after a reboot: have board, bridge and baseboard checked.',
          'The links were taken down on purpose: silence the alert for a day, after which it ends by itself.',
        ],
      },
      fires: {
        when: 'One of eighteen links is down, with scrapes that fail in between',
        series: [[series(linksUp, exampleGpu), '18x10 17x3 _ 17x10']],
        at: '20m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A board without a bridge, whose links were never up; the links of another come up late',
        series: [
          [series(linksUp, exampleGpu), '0x25'],
          [series(linksUp, { ...exampleGpu, gpu_id: '1', uuid: 'GPU-late' }), '12x5 18x20'],
        ],
        at: '20m',
      },
    },
    {
      name: 'GpuNvlinkCrcErrors',
      expr: promql`60 * sum by (cluster, node, gpu_id, uuid) (max by (cluster, node, gpu_id, uuid, link, kind) (rate(${crc}[10m]))) > ${thresholds.gpuNvlinkCrcErrorsPerMinute}`,
      thresholds: ['gpuNvlinkCrcErrorsPerMinute'],
      for: '5m',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'NVLink links of a GPU have transmission errors.',
      description: `The NVLink links of ${whichGpu} have {{ $value | humanize }} CRC errors a minute. Look which links they are.`,
      runbook: {
        meaning:
          'What was damaged is sent again, so nothing is lost yet, but the link gets slower. Links that get worse go down or end a job by an XID 74 or 149.',
        firstLook: [readLinks, oneOrAll, fabric],
        remedy: [
          'At the next window drain the node and reset the GPU, which trains its links anew.',
          `The same link again: reseat the board or its bridge. ${exchangeBoard}`,
        ],
      },
      fires: {
        when: 'Two links have seven errors a minute together',
        series: [
          exampleErrors('crc_flit', '0+2.2x30'),
          exampleErrors('crc_flit', '0+2.2x30', '1'),
          exampleErrors('crc_data', '0+2.4x30', '1'),
          exampleErrors('replay', '0+100x30'),
        ],
        at: '25m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'Six errors a minute, and replays without number',
        series: [exampleErrors('crc_flit', '0+6x30'), exampleErrors('replay', '0+100x30')],
        at: '25m',
      },
    },
    {
      name: 'GpuNvlinkRecovery',
      expr: promql`round(sum by (cluster, node, gpu_id, uuid) (max by (cluster, node, gpu_id, uuid, link) (increase(${recovery}[10m])))) > 0`,
      for: '0s',
      keepFiringFor: '15m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'An NVLink link of a GPU broke and was brought up again.',
      description: `NVLink links of ${whichGpu} were recovered {{ $value | humanize }} times within ten minutes. Look whether jobs over several GPUs failed, and drain the node.`,
      runbook: {
        meaning:
          'A link was lost for a moment. Collectives that used it stall or fail, and a link that breaks once breaks again.',
        firstLook: [
          readLinks,
          oneOrAll,
          'Which XID came with it: `dmesg -T | grep -i xid`; 74 and 144 to 150 are of links.',
        ],
        remedy: [drainNode, resetGpu, `It breaks again: ${exchangeBoard}`],
      },
      fires: {
        when: 'One recovery, a quarter of an hour ago',
        series: [exampleErrors('recovery', '3x5 4x25')],
        at: '18m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'Recoveries of long ago, and replays now',
        series: [exampleErrors('recovery', '4x30'), exampleErrors('replay', '0+3x30')],
        at: '18m',
      },
    },
  ],
});
