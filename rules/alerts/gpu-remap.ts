import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { drainNode, exchangeBoard, whichGpu } from '../gpu-texts.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';
import { resetGpu } from './gpu-xid.ts';

const uncorrectable = select(gpu.gpu_remapped_rows_total, { kind: 'uncorrectable' });
const correctable = select(gpu.gpu_remapped_rows_total, { kind: 'correctable' });

const readRemapper = 'On the node: `nvidia-smi -q -d ROW_REMAPPER -i <gpu_id>`.';
const history =
  'History of the board: `gpu_remapped_rows_total{uuid="<uuid>"}` and `gpu_row_remap_banks{uuid="<uuid>"}`, the spare rows that its banks have left.';

function exampleRows(kind: string, values: string) {
  return [series(gpu.gpu_remapped_rows_total, { ...exampleGpuTarget, kind }), values] as const;
}

/** Memory rows that the GPU replaces by spare ones (Ampere and newer). */
export default defineAlerts({
  theme: 'gpu-remap',
  alerts: [
    {
      name: 'GpuRowRemapFailure',
      expr: promql`${perGpu(recent(gpu.gpu_row_remap_failure))} > 0`,
      for: '1m',
      severity: 'critical',
      action: 'contact_support',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU could not replace a faulty memory row, and must be exchanged.',
      description: `${whichGpu} has no spare row left for a faulty one. Drain the node and have the board exchanged.`,
      runbook: {
        meaning:
          'NVIDIA names this flag as a reason to return the board. The faulty row stays in use, and whatever lies there fails again.',
        firstLook: [
          readRemapper,
          history,
          'Which XID came with it: `dmesg -T | grep -i xid`; 64 is the failed remapping.',
        ],
        remedy: [drainNode, exchangeBoard],
      },
      fires: {
        when: 'The flag goes up and stays',
        series: [[series(gpu.gpu_row_remap_failure, exampleGpuTarget), '0x3 1x6']],
        at: '6m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A row waits to be remapped, which has not failed',
        series: [
          [series(gpu.gpu_row_remap_failure, exampleGpuTarget), '0x10'],
          [series(gpu.gpu_row_remap_pending, exampleGpuTarget), '1x10'],
        ],
        at: '6m',
      },
    },
    {
      name: 'GpuRowRemapPending',
      expr: promql`${perGpu(recent(gpu.gpu_row_remap_pending))} > 0`,
      for: '10m',
      severity: 'warning',
      action: 'reset_gpu',
      domain: 'gpu',
      team: 'sre',
      summary: 'A faulty memory row of a GPU is replaced at its next reset.',
      description: `${whichGpu} waits for a reset to replace a faulty memory row. Jobs may go on; reset it when they end.`,
      runbook: {
        meaning:
          'The page with the faulty row is kept away from new work until the reset. Nothing is lost by waiting, but for the memory of the page; a second fault nearby would end a job.',
        firstLook: [readRemapper, history],
        remedy: [
          'Keep new jobs off the GPU, or plan the reset for the end of the present one.',
          `When the GPU is free: ${resetGpu}`,
          'The flag is still up after the reset: see GpuRowRemapFailure.',
        ],
      },
      fires: {
        when: 'A row waits for a quarter of an hour, with scrapes that fail in between',
        series: [[series(gpu.gpu_row_remap_pending, exampleGpuTarget), '0x2 1x4 _ 1x12']],
        at: '15m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'The GPU is reset within five minutes',
        series: [[series(gpu.gpu_row_remap_pending, exampleGpuTarget), '0x2 1x5 0x10']],
        at: '14m',
      },
    },
    {
      name: 'GpuUncorrectableRowRemapped',
      expr: promql`round(${perGpu(promql`increase(${uncorrectable}[10m])`)}) > 0`,
      for: '0s',
      keepFiringFor: '1h',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU took a memory row out of use after an error that could not be corrected.',
      description: `${whichGpu} remapped memory rows for errors that could not be corrected ({{ $value | humanize }} within ten minutes). Drain the node and reset the GPU.`,
      runbook: {
        meaning:
          'The data of the row were lost and the job that held them has failed or has wrong results. After the reset the spare row is in use and the GPU is sound again, unless it happens repeatedly.',
        firstLook: [readRemapper, history, 'Which XID came with it: `dmesg -T | grep -i xid`.'],
        remedy: [
          drainNode,
          resetGpu,
          'Test the memory before new work: `dcgmi diag -r 3 -i <gpu_id>`.',
          `Again within a week: ${exchangeBoard}`,
        ],
      },
      fires: {
        when: 'One row more, half an hour ago: the alert is kept up for people who look late',
        series: [exampleRows('uncorrectable', '2x5 3x40'), exampleRows('correctable', '7x45')],
        at: '40m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A board that had rows remapped before, and correctable ones now',
        series: [exampleRows('uncorrectable', '2x45'), exampleRows('correctable', '0+1x45')],
        at: '40m',
      },
    },
    {
      name: 'GpuCorrectableRemapGrowth',
      expr: promql`round(${perGpu(promql`increase(${correctable}[1d])`)}) > ${thresholds.gpuCorrectableRemapsCount}`,
      thresholds: ['gpuCorrectableRemapsCount'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU takes many memory rows out of use within a day.',
      description: `${whichGpu} remapped {{ $value | humanize }} rows for errors that it could correct within a day. Test the memory at the next window.`,
      runbook: {
        meaning:
          'Each row was replaced before it lost data. Many within a day mean a bank that fails, and its spare rows are few.',
        firstLook: [readRemapper, history],
        remedy: [
          'At the next window drain the node and test: `dcgmi diag -r 3 -i <gpu_id>`.',
          `It goes on, or a bank has few spare rows left: ${exchangeBoard}`,
        ],
      },
      fires: {
        when: 'Nine rows within a few hours',
        series: [exampleRows('correctable', '4x10 5+1x8 13x30')],
        at: '40m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'Eight rows within a few hours',
        series: [exampleRows('correctable', '4x10 5+1x7 12x30'), exampleRows('uncorrectable', '0+1x45')],
        at: '40m',
      },
    },
  ],
});
