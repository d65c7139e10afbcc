import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu } from '../vectors.ts';
import { resetGpu } from './gpu-xid.ts';

const uncorrectable = select(gpu.gpu_ecc_errors_total, { severity: 'uncorrectable', lifetime: 'volatile' });
const correctable = select(gpu.gpu_ecc_errors_total, { severity: 'correctable', lifetime: 'volatile' });

const readErrors = 'On the node: `nvidia-smi -q -d ECC,ROW_REMAPPER -i <gpu_id>`.';

export default defineAlerts({
  theme: 'gpu-ecc',
  alerts: [
    {
      name: 'GpuEccUncorrectable',
      expr: promql`round(${perGpu(promql`increase(${uncorrectable}[5m])`)}) > 0`,
      for: '0s',
      keepFiringFor: '15m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'ECC found memory errors on a GPU that it could not correct.',
      description:
        'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} had uncorrectable memory errors ({{ $value | humanize }} within five minutes). Drain the node and look whether a row is waiting to be remapped.',
      runbook: {
        meaning:
          'Data in GPU memory or in a cache of the GPU were destroyed. The job that held them ends with an error or has wrong results. An XID such as 48, 63, 94 or 95 usually comes with it.',
        firstLook: [
          readErrors,
          'Which XID came with it: `dmesg -T | grep -i xid`. 94 is contained to one job; 95 is not, and the GPU needs a reset at once.',
          'Has this board a history: `increase(gpu_ecc_errors_total{uuid="<uuid>",severity="uncorrectable",lifetime="aggregate"}[30d])`.',
        ],
        remedy: [
          'Take new work off the node: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="ecc"`.',
          `If a remapping is pending: ${resetGpu}`,
          'If a remapping failed, or errors come back after the reset, have the board exchanged and add `nvidia-bug-report.sh` to the case.',
          'Start the job again from a checkpoint that is older than the error.',
        ],
      },
      fires: {
        when: 'One uncorrectable error',
        series: [
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'uncorrectable', lifetime: 'volatile' }),
            '0x4 1x10',
          ],
        ],
        at: '7m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A board with errors in its past and correctable errors now; the driver was loaded again',
        series: [
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'uncorrectable', lifetime: 'volatile' }),
            '3x5 0x10',
          ],
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'uncorrectable', lifetime: 'aggregate' }),
            '12x15',
          ],
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'correctable', lifetime: 'volatile' }),
            '0+5x15',
          ],
        ],
        at: '8m',
      },
    },
    {
      name: 'GpuEccCorrectableBurst',
      expr: promql`${perGpu(promql`increase(${correctable}[1h])`)} > ${thresholds.gpuEccCorrectableErrorsPerHour}`,
      thresholds: ['gpuEccCorrectableErrorsPerHour'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU corrects unusually many memory errors.',
      description:
        'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} corrected {{ $value | humanize }} memory errors within an hour. Compare it with its neighbours and plan an exchange if it grows.',
      runbook: {
        meaning:
          'Nothing is lost yet: ECC corrects these errors. A burst on one GPU often comes days or weeks before errors that it cannot correct.',
        firstLook: [
          readErrors,
          'Is it this board alone: `topk(10, increase(gpu_ecc_errors_total{severity="correctable",lifetime="volatile"}[1h]))`.',
          'Is it warm: `nvidia-smi -q -d TEMPERATURE -i <gpu_id>`; memory errors rise with temperature.',
        ],
        remedy: [
          `Jobs may go on. Reset the GPU at the next window, so that pending remappings take effect. ${resetGpu}`,
          'If the rate stays after the reset, test the memory with `dcgmi diag -r 3` on the drained node and have the board exchanged.',
        ],
      },
      fires: {
        when: '20 errors a minute for an hour and a half',
        series: [
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'correctable', lifetime: 'volatile' }),
            '0+20x90',
          ],
        ],
        at: '85m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: '16 errors a minute, just below a thousand an hour',
        series: [
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'correctable', lifetime: 'volatile' }),
            '0+16x90',
          ],
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'correctable', lifetime: 'aggregate' }),
            '5000+20x90',
          ],
        ],
        at: '85m',
      },
    },
  ],
});
