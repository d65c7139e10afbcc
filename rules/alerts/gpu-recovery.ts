import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { drainNode, exchangeBoard, whichGpu } from '../gpu-texts.ts';
import { gpuJobsGroup } from '../recording/gpu-jobs.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';
import { resetGpu } from './gpu-xid.ts';

// The rule sets a label action of its own, so that of the series is asked for in the text.
const askedFor = `{{ with printf "${gpu.gpu_recovery_action.name}{uuid='%s',action!~'none|unknown'} == 1" $labels.uuid | query }} ({{ . | first | label "action" }}){{ end }}`;

const failedJob = gpuJobsGroup.series['gpu_job:gpu_xid_app_errors:increase5m'];

function exampleAction(action: string, values: string) {
  return [series(gpu.gpu_recovery_action, { ...exampleGpuTarget, action }), values] as const;
}

function exampleFailedJob(job_id: string, values: string) {
  return [series(failedJob, { ...exampleGpu, job_id }), values] as const;
}

/** What the driver asks for, and what several jobs say of one GPU. */
export default defineAlerts({
  theme: 'gpu-recovery',
  alerts: [
    {
      name: 'GpuRecoveryActionRequired',
      expr: promql`${perGpu(recent(select(gpu.gpu_recovery_action, { action: { notRe: 'none|unknown' } })))} == 1`,
      for: '1m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'The driver asks for an action to recover a GPU.',
      description: `The driver asks for a recovery of ${whichGpu}${askedFor}. Drain the node and do what it asks for.`,
      runbook: {
        meaning:
          'NVIDIA decides here: the driver knows what state the GPU is in and names the least action that mends it. Until then new jobs fail on the GPU, or are refused by it.',
        firstLook: [
          'Which action: `nvidia-smi -q -i <gpu_id> | grep -i "recovery action"`.',
          'What went before: `dmesg -T | grep -i xid`; XID 154 tells each change of the action.',
        ],
        remedy: [
          drainNode,
          `GPU reset, drain and reset, or bus reset: ${resetGpu}`,
          'Node or system reboot: reboot the node.',
          'Drain P2P: end the jobs that talk to this GPU over NVLink or PCIe; others may go on.',
          'Recover IMEX domain: restart `nvidia-imex` on the nodes of the domain.',
          `The action is still asked for afterwards: ${exchangeBoard}`,
        ],
      },
      fires: {
        when: 'The driver asks for a reset',
        series: [exampleAction('none', '1x3 0x6'), exampleAction('gpu_reset', '0x3 1x6')],
        at: '6m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'The driver asks for nothing, and a newer one for something that has no name here',
        series: [exampleAction('none', '1x10'), exampleAction('unknown', '1x10'), exampleAction('gpu_reset', '0x10')],
        at: '6m',
      },
    },
    {
      name: 'GpuXidAppErrorRepeatsOnOneGpu',
      // The job is joined when the error happens: a day later another job holds the GPU.
      expr: promql`count by (cluster, node, gpu_id, uuid) (last_over_time(${failedJob}[1d])) >= ${thresholds.gpuFailedJobsCount}`,
      thresholds: ['gpuFailedJobsCount'],
      for: '0s',
      keepFiringFor: '15m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'Different jobs had the same kind of error on one GPU, so it is the GPU.',
      description: `{{ $value | humanize }} different jobs failed with XID 13 or 31 on ${whichGpu} within a day. Drain the node and test the GPU.`,
      runbook: {
        meaning:
          'A program that reaches outside its memory is mostly at fault itself. When jobs of different people fail so on one GPU and nowhere else, its memory or its compute units are faulty.',
        firstLook: [
          'Which jobs: `max by (job_id) (max_over_time(gpu_job:gpu_xid_app_errors:increase5m{uuid="<uuid>"}[1d])) > 0`.',
          'Did the same jobs fail on other GPUs too: `max by (node, uuid) (max_over_time(gpu_job:gpu_xid_app_errors:increase5m{job_id="<job>"}[1d])) > 0`. Then it is the program.',
          'Other errors of the GPU: `increase(gpu_ecc_errors_total{uuid="<uuid>"}[7d]) > 0`.',
        ],
        remedy: [
          drainNode,
          'Test it: `dcgmi diag -r 3 -i <gpu_id>`.',
          `It fails the test: ${exchangeBoard}`,
          'It passes and the jobs share their program: give the node back and tell their owners.',
        ],
      },
      fires: {
        when: 'Three jobs had an error, one after the other',
        series: [
          exampleFailedJob('4711', '1x5 _x60'),
          exampleFailedJob('4712', '_x20 2x5 _x40'),
          exampleFailedJob('4713', '_x40 1x5 _x20'),
        ],
        at: '60m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'One job had many errors and another one',
        series: [exampleFailedJob('4711', '1x60'), exampleFailedJob('4712', '_x20 2x5 _x40')],
        at: '60m',
      },
    },
  ],
});
