import { xidClasses, xidPattern } from '../../metrics/xid.ts';
import type { Runbook } from '../alert.ts';
import { defineAlerts } from '../alert.ts';
import {
  appeared,
  counted,
  heldAfterwards,
  otherCode,
  over,
  seenAgainAfterGap,
  type XidAlert,
  xidAlert,
} from '../xid-alert.ts';

const readKernelLog =
  'On the node, read what the driver says around the error: `dmesg -T | grep -i -B2 -A5 xid`, or `journalctl -k --since -1h | grep -i xid`.';
const drainNode =
  'Take new work off the node: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="xid"`.';
const caseData =
  'For the case with the vendor keep `nvidia-bug-report.sh`, the serial number (`nvidia-smi -q -i <gpu_id> | grep -i serial`) and the lines of the kernel log.';
/** How to reset a GPU, for every runbook that asks for it. */
export const resetGpu =
  'Stop everything that holds the GPU (`fuser -v /dev/nvidia*`), the monitoring included, then `nvidia-smi --gpu-reset -i <gpu_id>`. Boards joined by NVSwitch before Hopper are reset together: leave out `-i`.';

const nodeReboot: Runbook = {
  meaning:
    'The driver has lost the GPU: it no longer answers on the PCIe bus. Jobs on it are dead, and a job over several GPUs hangs in its next collective. The other GPUs of the node usually still work.',
  firstLook: [
    readKernelLog,
    'See whether the GPU is still listed: `nvidia-smi -L` and `lspci | grep -i nvidia`. A GPU that is missing in lspci is off the bus.',
    'Look for a cause outside the GPU: power supplies and fans in `ipmitool sel list | tail -30`, PCIe errors in `dmesg -T | grep -i -E "aer|pcieport"`.',
  ],
  remedy: [
    drainNode,
    'Reboot the node. If the GPU does not come back, cut the power for a minute: `ipmitool chassis power cycle`.',
    'If it happens to the same GPU again, have the board reseated or exchanged and do not return the node to work in between.',
    caseData,
  ],
};

const gpuReset: Runbook = {
  meaning:
    'The GPU is in a state that only a reset clears, such as an uncontained memory error or a firmware that no longer answers. Jobs on it fail, and new jobs that land on it fail too.',
  firstLook: [
    readKernelLog,
    'See who is on the GPU: `nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv -i <gpu_id>`.',
    'For a firmware timeout look at whether the driver still answers at all: `timeout 20 nvidia-smi -q -i <gpu_id>`.',
  ],
  remedy: [
    drainNode,
    resetGpu,
    'If the reset is refused or the code comes back within a day, reboot the node; after that have the board exchanged.',
    caseData,
  ],
};

const uncorrectableEcc: Runbook = {
  meaning:
    'Data in GPU memory were destroyed. The job that held them was ended or has wrong results. The GPU replaces the row at its next reset, as long as it has spare rows.',
  firstLook: [
    readKernelLog,
    'See whether a row is waiting to be replaced or could not be: `nvidia-smi -q -d ROW_REMAPPER -i <gpu_id>`.',
    'Count the errors of the board: `nvidia-smi -q -d ECC -i <gpu_id>`.',
  ],
  remedy: [
    drainNode,
    `If "Pending" is Yes: ${resetGpu}`,
    'If "Remapping Failure Occurred" is Yes, the board has no spare rows: have it exchanged.',
    'Start the job again from its last checkpoint; do not trust results that it wrote after the error.',
    caseData,
  ],
};

const containedMemory: Runbook = {
  meaning:
    'Data in GPU memory were destroyed, and the GPU contained the error to the process that used them. That process must be started again; others on the GPU go on. The memory is at fault, not the program. The GPU replaces the row at its next reset, as long as it has spare rows.',
  firstLook: [
    readKernelLog,
    'See whether a row is waiting to be replaced or could not be: `nvidia-smi -q -d ROW_REMAPPER -i <gpu_id>`.',
    'Which job it was: the line of XID 94 in the kernel log names the process, and the output of the job has a CUDA error about ECC.',
  ],
  remedy: [
    'Start the job again from a checkpoint that is older than the error.',
    `Other jobs on the GPU may go on. If "Pending" is Yes, ask the owners of the node for a reset when the GPU is free. ${resetGpu}`,
    'If "Remapping Failure Occurred" is Yes, or the code keeps coming back on this GPU: drain the node and have the board exchanged.',
  ],
};

const nvlink: Runbook = {
  meaning:
    'A link between GPUs, or between a GPU and its NVSwitch, reported errors. Jobs over several GPUs of the node fail in a collective or become very slow; jobs on one GPU go on. Some of these codes are informational: the kernel log tells which.',
  firstLook: [
    readKernelLog,
    'Look at links and their error counts: `nvidia-smi nvlink --status -i <gpu_id>` and `nvidia-smi nvlink --errorcounters -i <gpu_id>`.',
    'With NVSwitch: `systemctl status nvidia-fabricmanager` and `nvidia-smi -q -i <gpu_id> | grep -A4 Fabric`.',
  ],
  remedy: [
    drainNode,
    resetGpu,
    'With NVSwitch restart the fabric manager after the reset: `systemctl restart nvidia-fabricmanager`.',
    'If the same link fails again, have board, bridge or baseboard checked.',
    caseData,
  ],
};

const recoveryAction: Runbook = {
  meaning:
    'The driver changed what it asks for to bring the GPU back to health. The line in the kernel log names the old and the new action; a change to "None" is the good end of a repair.',
  firstLook: [
    'Read the action: `dmesg -T | grep -i "xid.*154"` or `nvidia-smi -q -i <gpu_id> | grep -i "recovery action"`.',
    'Look at the other XID alerts of the same GPU: the code just before says what broke.',
  ],
  remedy: [
    'GPU reset or drain and reset: drain the node and reset the GPU as in GpuXidGpuReset.',
    'Node reboot: drain and reboot as in GpuXidNodeReboot.',
    'None: nothing to do.',
  ],
};

const appError: Runbook = {
  meaning:
    'The program on the GPU did something that the GPU refused, such as an access outside its memory, and was ended for it. Other jobs are not affected.',
  firstLook: [
    'Look at the output of the job that ran on this GPU at that time; the CUDA error is there.',
    readKernelLog,
    'See whether other jobs had the same code on the same GPU in the last days: `sum by (xid) (increase(gpu_xid_errors_total{uuid="<uuid>"}[7d])) > 0`.',
  ],
  remedy: [
    'Start the job again, and repeat it with `CUDA_LAUNCH_BLOCKING=1` or `compute-sanitizer` to find the faulty kernel.',
    'If different jobs fail on this one GPU, it is the hardware: drain the node and run `dcgmi diag -r 3`.',
  ],
};

const manual: Runbook = {
  meaning:
    'The code has no automatic answer: 54 asks for a look at the auxiliary power connectors, 78 for a matching driver or firmware, 159 for a look at unified memory, 142 for NVIDIA support.',
  firstLook: [
    readKernelLog,
    'Compare versions with a node that works: `nvidia-smi --query-gpu=name,driver_version,vbios_version --format=csv`.',
  ],
  remedy: [
    'Code 54: check the power cables of the board at the next visit to the machine.',
    'Code 78 or 159: bring driver, firmware and CUDA to the versions of the rest of the fleet.',
    'Code 142, or none of these helps: open a case.',
    caseData,
  ],
};

const unclassified: Runbook = {
  meaning:
    'The code is not in the table of known codes. Newer drivers add codes, so this may be harmless or grave: the driver names it in the kernel log.',
  firstLook: [
    readKernelLog,
    'Look the code up in the XID catalogue of your driver version (docs.nvidia.com/deploy/xid-errors).',
    'See whether `nvidia-smi -q -i <gpu_id>` still answers and whether jobs on the GPU still run.',
  ],
  remedy: [
    'If jobs fail, treat it as GpuXidGpuReset: drain the node and reset the GPU.',
    'If the code is known to be harmless, add it to the class `ignore` in metrics/xid.ts.',
    caseData,
  ],
};

const knownCodes = Object.values(xidClasses)
  .flatMap(({ codes }) => codes)
  .join('|');

/** What each class of codes calls for, whichever exporter counts them. */
export const xidRows: readonly XidAlert[] = [
  {
    name: 'GpuXidNodeReboot',
    codes: { re: xidPattern('restart-node') },
    severity: 'critical',
    action: xidClasses['restart-node'].action,
    team: 'sre',
    summary: 'A GPU is gone from the bus and only a reboot of its node brings it back.',
    firstThing: 'Drain the node and reboot it.',
    runbook: nodeReboot,
    fires: counted('79'),
    quiet: over('79'),
  },
  {
    name: 'GpuXidGpuReset',
    codes: { re: xidPattern('reset-gpu') },
    severity: 'critical',
    action: xidClasses['reset-gpu'].action,
    team: 'sre',
    summary: 'A GPU is in a state that only a reset clears.',
    firstThing: 'Drain the node and reset the GPU.',
    runbook: gpuReset,
    fires: heldAfterwards('119'),
    quiet: seenAgainAfterGap('119'),
  },
  {
    name: 'GpuXidUncorrectableEcc',
    codes: { re: xidPattern('memory') },
    severity: 'critical',
    action: xidClasses.memory.action,
    team: 'sre',
    summary: 'A GPU reported an uncorrectable memory error.',
    firstThing: 'Drain the node and look whether a row is waiting to be remapped.',
    runbook: uncorrectableEcc,
    fires: counted('48'),
    quiet: otherCode('63'),
  },
  {
    name: 'GpuXidContainedMemory',
    codes: { re: xidPattern('contained-memory') },
    severity: 'warning',
    action: xidClasses['contained-memory'].action,
    team: 'workload',
    summary: 'A memory error of a GPU was contained to one program, which must be started again.',
    firstThing: 'Start the job that ran there again; the GPU replaces the faulty row at its next reset.',
    runbook: containedMemory,
    fires: counted('94'),
    quiet: otherCode('63'),
  },
  {
    name: 'GpuXidNvlink',
    codes: { re: xidPattern('nvlink') },
    severity: 'critical',
    action: xidClasses.nvlink.action,
    team: 'sre',
    summary: 'A GPU reported NVLink errors.',
    firstThing: 'Look at the links with nvidia-smi nvlink and drain the node if jobs over several GPUs fail.',
    runbook: nvlink,
    fires: counted('74'),
    quiet: otherCode('137'),
  },
  {
    name: 'GpuXidRecoveryAction',
    codes: { re: xidPattern('recovery-action') },
    severity: 'warning',
    action: xidClasses['recovery-action'].action,
    team: 'sre',
    summary: 'The driver changed the recovery action that it asks for on a GPU.',
    firstThing: 'Read the action in the kernel log of the node and follow it.',
    runbook: recoveryAction,
    fires: counted('154'),
    quiet: otherCode('153'),
  },
  {
    name: 'GpuXidAppError',
    codes: { re: xidPattern('application') },
    severity: 'warning',
    action: xidClasses.application.action,
    team: 'workload',
    summary: 'A program was ended because of an error that it caused on a GPU.',
    firstThing: 'Look at the output of the job that ran there and start it again.',
    runbook: appError,
    fires: appeared('32'),
    quiet: otherCode('45'),
  },
  {
    name: 'GpuXidManual',
    codes: { re: xidPattern('manual') },
    severity: 'warning',
    action: xidClasses.manual.action,
    team: 'sre',
    summary: 'A GPU reported an error that a person has to look into.',
    firstThing: 'Read the kernel log of the node, then the runbook for this code.',
    runbook: manual,
    fires: counted('78'),
    quiet: over('142'),
  },
  {
    name: 'GpuXidUnclassified',
    codes: { notRe: knownCodes },
    severity: 'warning',
    action: 'investigate',
    team: 'sre',
    summary: 'A GPU reported an error code that is not in the table of known codes.',
    firstThing: 'Read the kernel log of the node and look the code up in the catalogue of your driver.',
    runbook: unclassified,
    fires: appeared('168'),
    quiet: otherCode('45'),
  },
];

export default defineAlerts({
  theme: 'gpu-xid',
  // A GPU has a counter for each of xidCodesFromStart, so ten thousand GPUs have 390,000, and every alert here reads its
  // share of them. Nobody acts within the seconds that a shorter interval would save.
  interval: '30s',
  alerts: xidRows.map(xidAlert),
});
