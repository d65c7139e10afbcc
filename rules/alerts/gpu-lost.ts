import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget, exampleNode, exampleTarget } from '../examples.ts';
import { perGpu, perNode, recent } from '../vectors.ts';
import { resetGpu } from './gpu-xid.ts';

// The reason is asked for in the text and not joined as a label: a reason that changes would start the alert anew.
const failureReason = `{{ with printf "${gpu.gpu_failure_info.name}{uuid='%s',node='%s'}" $labels.uuid $labels.node | query }}: {{ . | first | label "error" }}{{ end }}`;
const driverState = `{{ with printf "${gpu.gpu_driver_state.name}{node='%s'} == 1" $labels.node | query }} ({{ . | first | label "state" }}){{ end }}`;

export default defineAlerts({
  theme: 'gpu-lost',
  alerts: [
    {
      name: 'GpuLost',
      expr: promql`${perGpu(recent(gpu.gpu_up))} == 0`,
      for: '1m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU that was there no longer answers.',
      description: `GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} does not answer${failureReason}. Drain the node, then look for an XID in its kernel log.`,
      runbook: {
        meaning:
          'The exporter knows the GPU and gets no readings from it. Its jobs are dead or hang, and a job over several GPUs waits for it. The label `error` of gpu_failure_info says what the driver answered; `not_enumerated` means that the driver no longer lists the GPU at all.',
        firstLook: [
          'On the node: `nvidia-smi -L`, and `timeout 20 nvidia-smi -q -i <gpu_id>`.',
          'Ask the kernel log for the cause: `dmesg -T | grep -i -E "xid|nvrm|fallen off"`.',
          'See whether the card is still on the bus: `lspci | grep -i nvidia` must list as many as the node has.',
        ],
        remedy: [
          'Take new work off the node: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="gpu lost"`.',
          `If the card is on the bus and the error is reset_required: ${resetGpu}`,
          'With any other error, or a card that is off the bus, reboot the node.',
          'If it stays away, cut the power with `ipmitool chassis power cycle`; then have the board reseated or exchanged.',
          'If it was taken out on purpose, restart the exporter so that it forgets the GPU.',
        ],
      },
      fires: {
        when: 'A GPU stops answering, its reason changes in between, and two scrapes fail',
        series: [
          [series(gpu.gpu_up, exampleGpuTarget), '1 1 0 _ _ 0'],
          [series(gpu.gpu_failure_info, { ...exampleGpuTarget, error: 'timeout' }), '_ _ 1 _ stale'],
          [series(gpu.gpu_failure_info, { ...exampleGpuTarget, error: 'gpu_is_lost' }), '_ _ _ _ 1 1'],
        ],
        at: '4m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A GPU misses one collection and is back in the next',
        series: [[series(gpu.gpu_up, exampleGpuTarget), '1 1 0 1 1']],
        at: '2m',
      },
    },
    {
      name: 'GpuDriverUnresponsive',
      expr: promql`${perNode(recent(gpu.gpu_driver_responsive))} == 0`,
      for: '1m',
      severity: 'critical',
      action: 'restart_node',
      domain: 'gpu',
      team: 'sre',
      summary: 'The GPU driver of a node hangs or crashes.',
      description:
        'The GPU driver on {{ $labels.node }} in {{ $labels.cluster }} does not answer within its deadline. Drain the node and read its kernel log before you reboot it.',
      runbook: {
        meaning:
          'Calls into the driver hang, or end the process that makes them. Every GPU of the node is blind, job starts hang in the driver, and processes on the node may be beyond kill.',
        firstLook: [
          'On the node: `timeout 20 nvidia-smi; echo $?` (124 means that it hangs).',
          'Ask the kernel log: `dmesg -T | grep -i -E "xid|nvrm|hung task|gsp"`. XID 119 or 120 is a GPU firmware that no longer answers.',
          "Look for processes stuck in the kernel: `ps -eo pid,stat,wchan:30,cmd | awk '$2 ~ /D/'`.",
        ],
        remedy: [
          'Take new work off the node: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="driver hangs"`.',
          'Keep `nvidia-bug-report.sh --safe-mode` (it does not ask the driver), then reboot: `systemctl reboot`, or `ipmitool chassis power cycle` if that hangs too.',
          'If several nodes hang after a driver update, go back to the earlier driver.',
        ],
      },
      fires: {
        when: 'The driver hangs for two minutes',
        series: [[series(gpu.gpu_driver_responsive, exampleTarget), '1 1 0 0 0']],
        at: '4m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'One call was too slow and the next was fine',
        series: [[series(gpu.gpu_driver_responsive, exampleTarget), '1 1 0 1 1']],
        at: '2m',
      },
    },
    {
      name: 'GpuDriverUnavailable',
      expr: promql`${perNode(recent(select(gpu.gpu_driver_state, { state: { notRe: 'ok|released|unresponsive|crashed' } })))} == 1`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'The GPU exporter of a node has no usable driver.',
      description: `The GPU exporter on {{ $labels.node }} in {{ $labels.cluster }} cannot use the driver${driverState}. Run nvidia-smi on the node and follow what it says.`,
      runbook: {
        meaning:
          'The exporter runs, but the driver is not installed, not loaded, of another version than its library, or not allowed to the exporter. No GPU of the node is watched, and often none can be used.',
        firstLook: [
          'On the node: `nvidia-smi`, `lsmod | grep nvidia`, `cat /proc/driver/nvidia/version`.',
          'Read the state of the driver: `curl -s http://localhost:9400/metrics | grep gpu_driver_state`.',
          'In a container: `ls -l /dev/nvidia*` and `ldconfig -p | grep libnvidia-ml` inside it.',
        ],
        remedy: [
          'library_not_found: install the driver, or run the container with the NVIDIA runtime (`runtimeClassName: nvidia`).',
          'driver_not_loaded: `modprobe nvidia`; after a kernel update build the module again with `dkms autoinstall`.',
          'version_mismatch: the driver was updated under a loaded module. Drain the node and reboot it.',
          'no_permission: give the exporter access to /dev/nvidiactl and /dev/nvidia*.',
          'If the node has no GPU, do not run the GPU exporter on it.',
        ],
      },
      fires: {
        when: 'A node came up without a loaded driver',
        series: [
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'ok' }), '0x10'],
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'driver_not_loaded' }), '1x10'],
        ],
        at: '6m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'The exporter waits four minutes for the driver to be loaded',
        series: [
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'starting' }), '1x3 0x8'],
          [series(gpu.gpu_driver_state, { ...exampleTarget, state: 'ok' }), '0x3 1x8'],
        ],
        at: '3m',
      },
    },
    {
      name: 'GpuCountDropped',
      // A day, because a node may be away for hours before it comes back with a GPU less, and must not look well soon after.
      expr: promql`${perNode(promql`max_over_time(${gpu.gpu_devices}[1d])`)} - ${perNode(recent(gpu.gpu_devices))} > 0`,
      for: '2m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'A node has fewer GPUs than it had within the last day.',
      description:
        '{{ $labels.node }} in {{ $labels.cluster }} lost {{ $value | humanize }} of its GPUs within a day. Compare nvidia-smi -L with lspci on the node.',
      runbook: {
        meaning:
          'The driver enumerates fewer GPUs than before. This also finds a GPU that vanished over a reboot or a restart of the exporter, which no longer knows it. The alert ends by itself a day after the loss, so note the node down.',
        firstLook: [
          'On the node: `nvidia-smi -L | wc -l` and `lspci | grep -c -i "nvidia.*\\(3D\\|VGA\\)"`.',
          'When did it reboot, and what did the driver say: `uptime`, `dmesg -T | grep -i -E "xid|nvrm|rminit"`.',
          'Which one is missing: `last_over_time(gpu_info{node="<node>"}[1d]) unless on (uuid) gpu_info`.',
        ],
        remedy: [
          'Take new work off the node: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="gpu missing"`.',
          'Missing in lspci: cut the power with `ipmitool chassis power cycle`; then have the board reseated or exchanged.',
          'In lspci but not in nvidia-smi: the driver could not start it; the kernel log says why. Reboot once, then exchange.',
          'Taken out or passed to a virtual machine on purpose: silence the alert for a day, `amtool silence add alertname=GpuCountDropped node=<node> --duration=1d --comment="GPU taken out"`.',
        ],
      },
      fires: {
        when: 'A node comes back with seven of its eight GPUs after it was away for 90 minutes',
        series: [[series(gpu.gpu_devices, exampleTarget), '8x20 _x90 7x10']],
        at: '2h',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'The driver enumerates one GPU late after a reboot',
        series: [[series(gpu.gpu_devices, exampleTarget), '8x20 _x5 7 8x10']],
        at: '26m',
      },
    },
  ],
});
