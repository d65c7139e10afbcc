import { nodeExporter, prometheus } from '../../metrics/external.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { defineAlerts } from '../alert.ts';
import { exampleHostTarget, exampleNode, exampleTarget } from '../examples.ts';
import { hostJobs } from '../node.ts';
import { nodeGroup } from '../recording/node.ts';
import { thresholds } from '../thresholds.ts';
import { perNode, recent } from '../vectors.ts';

const busy = nodeGroup.series['node:node_cpu_busy:ratio2m'];
const cpus = nodeGroup.series['node:node_cpu:count'];
const corrected = nodeHost.node_edac_correctable_errors_total;
const uncorrected = nodeHost.node_edac_uncorrectable_errors_total;
const hostUp = perNode(select(prometheus.up, { job: hostJobs }));
const anythingUp = perNode(select(prometheus.up, { node: { not: '' } }));

const who = '{{ $labels.node }} in {{ $labels.cluster }}';
const whoUsesCpu =
  'Who uses them: `top -b -n 1 -o %CPU | head -20`; in Kubernetes `kubectl top pods -A --sort-by=cpu | head`.';
const readEdac =
  'Which module: `edac-util -v`, `ras-mc-ctl --summary`, and `ipmitool sel list | grep -i -E "ecc|memory" | tail`.';

export default defineAlerts({
  theme: 'node-host',
  profile: 'node',
  alerts: [
    {
      name: 'NodeDown',
      expr: promql`${anythingUp} == 0
and
${hostUp}`,
      for: '2m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Nothing on a machine answers.',
      description: `Neither node_exporter nor any other exporter on ${who} answers. See by its management controller whether it is on.`,
      runbook: {
        meaning:
          'The machine is off, hangs, or is cut off from the network. Runs with ranks there stop, and nothing about its GPUs can be seen.',
        firstLook: [
          'Does it answer: `ping <node>`, `ssh <node> uptime`.',
          'Is it on: `ipmitool -H <bmc> chassis status`, and what it noted: `ipmitool -H <bmc> sel list | tail`.',
          'One machine or a rack: `count by (rack) (up{job="node"} == 0)`.',
        ],
        remedy: [
          'Off or hanging: read its console (`ipmitool -H <bmc> sol activate`), then switch it off and on.',
          'A whole rack: power or its switch; call the data centre.',
          'Taken out for good: remove it from service discovery.',
        ],
      },
      fires: {
        when: 'Both exporters of a machine are silent for three minutes, those of another one answer',
        series: [
          [series(prometheus.up, exampleHostTarget), '1 0x6'],
          [series(prometheus.up, exampleTarget), '1 0x6'],
          [series(prometheus.up, { ...exampleHostTarget, node: 'n2', instance: 'n2:9100' }), '1x6'],
        ],
        at: '4m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'The GPU exporter of a machine still answers, one without node_exporter is down, one for a minute, and one has no name',
        series: [
          [series(prometheus.up, exampleHostTarget), '1 0x6'],
          [series(prometheus.up, exampleTarget), '1x6'],
          [series(prometheus.up, { ...exampleTarget, node: 'n2', instance: 'n2:9400' }), '0x6'],
          [series(prometheus.up, { ...exampleHostTarget, cluster: 'c2', node: 'n2', instance: 'n2:9100' }), '1x6'],
          [series(prometheus.up, { ...exampleHostTarget, node: 'n3', instance: 'n3:9100' }), '1x3 0x3'],
          [series(prometheus.up, { ...exampleHostTarget, node: '', instance: 'n4:9100' }), '0x6'],
        ],
        at: '5m',
      },
    },
    {
      name: 'NodeExporterDown',
      expr: promql`${hostUp} == 0
unless
${anythingUp} == 0`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'observability',
      summary: 'A machine is up, but its node_exporter does not answer.',
      description: `node_exporter on ${who} does not answer, and something else there does. Read its log.`,
      runbook: {
        meaning: 'Disks, memory, clock and network of this machine are not watched.',
        firstLook: [
          'On the machine: `systemctl status node_exporter prometheus-node-exporter`, or `kubectl get pods -A -o wide | grep node-exporter | grep <node>`.',
          'It hangs on a mount: `timeout 5 df -h` and `curl -m 10 -s http://localhost:9100/metrics | wc -l`.',
        ],
        remedy: [
          'Restart it. If it hangs on a file system that is away, mend that, or leave it out with `--collector.filesystem.mount-points-exclude`.',
        ],
      },
      fires: {
        when: 'node_exporter is silent while the GPU exporter answers, and a machine of that name in another cluster is off',
        series: [
          [series(prometheus.up, { ...exampleHostTarget, cluster: 'c2' }), '0x9'],
          [series(prometheus.up, exampleHostTarget), '1 0x9'],
          [series(prometheus.up, exampleTarget), '1x9'],
        ],
        at: '8m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'It has been away for four minutes, and another machine is down as a whole',
        series: [
          [series(prometheus.up, exampleHostTarget), '1x4 0x5'],
          [series(prometheus.up, exampleTarget), '1x9'],
          [series(prometheus.up, { ...exampleHostTarget, node: 'n2', instance: 'n2:9100' }), '0x9'],
        ],
        at: '8m',
      },
    },
    {
      name: 'NodeCpuHigh',
      expr: promql`${busy} > ${thresholds.nodeCpuHighRatio}`,
      thresholds: ['nodeCpuHighRatio'],
      for: '1m',
      severity: 'info',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The CPUs of a machine are busy.',
      description: `The CPUs of ${who} are busy for {{ $value | humanizePercentage }} of the time. It is a note beside other alerts: see whether GPUs there wait for data.`,
      runbook: {
        meaning: 'By itself it is no fault: a machine is there to be used. It matters if the GPUs wait for the CPUs.',
        firstLook: [
          whoUsesCpu,
          'Do GPUs wait: `gpu_utilization_ratio{node="<node>"}` and the alert TrainingDataStarved.',
        ],
        remedy: ['Nothing while the GPUs are busy. Otherwise as in NodeCpuSaturated.'],
      },
      fires: {
        when: 'The CPUs are busy for 92 % of the time, for three minutes',
        series: [[series(busy, exampleNode), '0.5 0.92x5']],
        at: '3m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'The CPUs are busy for exactly nine tenths of the time, and then for more in one reading',
        series: [[series(busy, exampleNode), '0.9x4 0.95x2']],
        at: '5m',
      },
    },
    {
      name: 'NodeCpuSaturated',
      expr: promql`${busy} > ${thresholds.nodeCpuSaturatedRatio}
and
${perNode(recent(nodeHost.node_load15))} / ${cpus} > ${thresholds.nodeLoadPerCpuRatio}`,
      thresholds: ['nodeCpuSaturatedRatio', 'nodeLoadPerCpuRatio'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Processes of a machine have been waiting for CPUs for a long time.',
      description: `The CPUs of ${who} are busy for {{ $value | humanizePercentage }} of the time, and more processes want them than there are. Find who uses them.`,
      runbook: {
        meaning:
          'Data loaders and the threads that feed GPUs get too little time, and so do the kubelet and exporters.',
        firstLook: [
          whoUsesCpu,
          'How long processes wait: `cat /proc/pressure/cpu`.',
          'Do GPUs wait: `gpu_utilization_ratio{node="<node>"}`.',
        ],
        remedy: [
          'Fewer workers of the data loader than CPUs of the GPU, and `OMP_NUM_THREADS` set.',
          'Decode on the GPU (DALI), or prepare data beforehand.',
          'Pods without requests for CPUs: give them some, so that they are spread.',
        ],
      },
      fires: {
        when: 'CPUs are always busy and the load is twice their number and more',
        series: [
          [series(busy, exampleNode), '0.99x40'],
          [series(cpus, exampleNode), '64x40'],
          [series(nodeHost.node_load15, exampleHostTarget), '130x40'],
        ],
        at: '35m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'The load is twice the number of CPUs, and above for minutes; another machine has some idle time',
        series: [
          [series(busy, exampleNode), '0.99x40'],
          [series(cpus, exampleNode), '64x40'],
          [series(nodeHost.node_load15, exampleHostTarget), '128x31 200x9'],
          [series(busy, { ...exampleNode, node: 'n2' }), '0.94x40'],
          [series(cpus, { ...exampleNode, node: 'n2' }), '64x40'],
          [series(nodeHost.node_load15, { ...exampleHostTarget, node: 'n2' }), '200x40'],
        ],
        at: '35m',
      },
    },
    {
      name: 'NodeProcessesBlocked',
      expr: promql`${perNode(promql`min_over_time(${nodeHost.node_procs_blocked}[10m])`)} > ${thresholds.nodeProcessesBlockedCount}`,
      thresholds: ['nodeProcessesBlockedCount'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Processes of a machine hang in the kernel.',
      description: `At least {{ $value | humanize }} processes on ${who} have been waiting for input or output all the time. See what they wait for: mostly a file system that is away.`,
      runbook: {
        meaning:
          'They cannot be ended, not even with kill -9. A storage server that is away, a dying disk or a GPU driver that hangs is behind it.',
        firstLook: [
          "Who and where: `ps -eo pid,stat,wchan:40,comm | awk '$2 ~ /^D/'` and `cat /proc/<pid>/stack`.",
          'What the kernel says: `dmesg -T | grep -iE "hung_task|blocked for more|nfs|lustre|xid" | tail -20`.',
        ],
        remedy: [
          'nfs, lustre or ceph in the stack: mend the storage or its network; the processes go on by themselves.',
          'nvidia in the stack: the driver hangs. Drain the node and reboot it.',
        ],
      },
      fires: {
        when: 'Nine processes hang for half an hour',
        series: [[series(nodeHost.node_procs_blocked, exampleHostTarget), '0 9x30']],
        at: '25m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'A hundred processes write a checkpoint with pauses and then hang for minutes, and eight hang elsewhere',
        series: [
          [series(nodeHost.node_procs_blocked, exampleHostTarget), '100x8 2 100x20'],
          [series(nodeHost.node_procs_blocked, { ...exampleHostTarget, node: 'n2' }), '8x30'],
        ],
        at: '26m',
      },
    },
    {
      name: 'NodeMemoryPressure',
      expr: promql`${perNode(recent(nodeHost.node_memory_MemAvailable_bytes))}
/
${perNode(recent(nodeExporter.node_memory_MemTotal_bytes))}
< ${thresholds.nodeMemoryAvailableRatio}`,
      thresholds: ['nodeMemoryAvailableRatio'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A machine has hardly any main memory left.',
      description: `${who} has {{ $value | humanizePercentage }} of its main memory left. See who uses it before the kernel kills something.`,
      runbook: {
        meaning: 'The kernel will end the largest process soon, which is mostly a rank of a run, and with it the run.',
        firstLook: [
          'Who has it: `ps aux --sort=-rss | head`, and `df -h /dev/shm`, which is memory as well.',
          'How it grew: `node_memory_MemAvailable_bytes{node="<node>"}` over the last day.',
        ],
        remedy: [
          'Files in `/dev/shm` that nobody has open: `lsof /dev/shm`, then remove the rest.',
          'A data loader that grows: tell its owner; a limit for its pod ends it alone.',
        ],
      },
      fires: {
        when: 'Four percent of the memory are left for a quarter of an hour',
        series: [
          [series(nodeHost.node_memory_MemAvailable_bytes, exampleHostTarget), '50 4x20'],
          [series(nodeExporter.node_memory_MemTotal_bytes, exampleHostTarget), '100x21'],
        ],
        at: '15m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'A twentieth is left, and less for minutes',
        series: [
          [series(nodeHost.node_memory_MemAvailable_bytes, exampleHostTarget), '5x8 4x12'],
          [series(nodeExporter.node_memory_MemTotal_bytes, exampleHostTarget), '100x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'NodeOomKill',
      expr: promql`${perNode(promql`increase(${nodeHost.node_vmstat_oom_kill}[15m])`)} > 0`,
      for: '0s',
      keepFiringFor: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The kernel has killed processes of a machine for lack of memory.',
      description: `The kernel of ${who} has killed processes for lack of memory ({{ $value | humanize }} within a quarter of an hour). See which ones.`,
      runbook: {
        meaning:
          'Either a container went beyond its limit, or the whole machine had no memory left. What was killed is lost.',
        firstLook: [
          'Which ones, and in whose limit: `dmesg -T | grep -iE "oom-kill|Killed process" | tail`.',
          'A pod of Kubernetes: the alert GpuPodOomKilled names it, if it had GPUs.',
        ],
        remedy: [
          'With "constraint=CONSTRAINT_MEMCG" the owner of the container has to raise the limit or need less.',
          'With "constraint=CONSTRAINT_NONE" the machine as a whole is too full. Give pods requests that are true, and jobs of Slurm `--mem`.',
        ],
      },
      fires: {
        when: 'A process was killed five minutes ago',
        series: [[series(nodeHost.node_vmstat_oom_kill, exampleHostTarget), '0x10 1x10']],
        at: '15m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'Processes were killed hours ago',
        series: [[series(nodeHost.node_vmstat_oom_kill, exampleHostTarget), '4x60']],
        at: '50m',
      },
    },
    {
      name: 'NodeClockSkew',
      expr: promql`${perNode(promql`abs(${recent(nodeHost.node_timex_offset_seconds)})`)} > ${thresholds.nodeClockOffsetSeconds}`,
      thresholds: ['nodeClockOffsetSeconds'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The clock of a machine is wrong.',
      description: `The clock of ${who} is off by {{ $value | humanizeDuration }}. Ask its time daemon.`,
      runbook: {
        meaning:
          'Logs of the ranks of a run cannot be compared, certificates and signed messages are refused, and bills cut time at the wrong place.',
        firstLook: ['On the machine: `chronyc tracking` and `chronyc sources -v`, or `timedatectl timesync-status`.'],
        remedy: [
          'No source answers: open port 123 over UDP to the time servers.',
          'It is off by seconds after a boot: `chronyc makestep`.',
        ],
      },
      fires: {
        when: 'The clock is 60 ms slow for a quarter of an hour',
        series: [[series(nodeHost.node_timex_offset_seconds, exampleHostTarget), '0 -0.06x20']],
        at: '15m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'The clock is 50 ms fast, and more for minutes',
        series: [[series(nodeHost.node_timex_offset_seconds, exampleHostTarget), '0.05x9 0.06x11']],
        at: '15m',
      },
    },
    {
      name: 'NodeClockNotSynchronised',
      expr: promql`${perNode(promql`max_over_time(${nodeHost.node_timex_sync_status}[10m])`)} == 0`,
      for: '20m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Nothing keeps the clock of a machine right.',
      description: `The kernel of ${who} has had no time from a reference. Ask its time daemon.`,
      runbook: {
        meaning:
          'The clock drifts by some seconds a day. NodeClockSkew cannot tell, since there is nothing to compare with.',
        firstLook: ['On the machine: `systemctl status chronyd systemd-timesyncd ntpd` and `chronyc sources -v`.'],
        remedy: ['Start the time daemon, and have it start at boot: `systemctl enable --now chronyd`.'],
      },
      fires: {
        when: 'The clock has not been kept for half an hour and more',
        series: [[series(nodeHost.node_timex_sync_status, exampleHostTarget), '1 0x40']],
        at: '38m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'It was last kept half an hour ago',
        series: [[series(nodeHost.node_timex_sync_status, exampleHostTarget), '0 0 0 0 0 1 0x40']],
        at: '34m',
      },
    },
    {
      name: 'NodeMemoryErrorsUncorrected',
      expr: promql`round(sum by (cluster, node) (increase(${uncorrected}[10m]))) > 0`,
      for: '0s',
      keepFiringFor: '1h',
      severity: 'critical',
      action: 'drain',
      domain: 'platform',
      team: 'sre',
      summary: 'Main memory of a machine had errors that could not be corrected.',
      description: `Main memory of ${who} had {{ $value | humanize }} errors within ten minutes that could not be corrected. Drain the machine and find the module.`,
      runbook: {
        meaning:
          'Data were lost. What ran may have gone on with wrong numbers; mostly the kernel ends the process or the machine stops.',
        firstLook: [readEdac],
        remedy: [
          'Drain the machine: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="memory"`.',
          'Have the module exchanged. If the errors follow the slot, it is the board or the CPU.',
        ],
      },
      fires: {
        when: 'One controller counts an error',
        series: [
          [series(uncorrected, { ...exampleHostTarget, controller: '0' }), '0x5 1x10'],
          [series(uncorrected, { ...exampleHostTarget, controller: '1' }), '0x15'],
        ],
        at: '8m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'An error is known for hours, and others were corrected',
        series: [
          [series(uncorrected, { ...exampleHostTarget, controller: '0' }), '1x20'],
          [series(corrected, { ...exampleHostTarget, controller: '0' }), '0+10x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'NodeMemoryErrorsCorrected',
      expr: promql`round(sum by (cluster, node) (increase(${corrected}[1h]))) > ${thresholds.nodeMemoryCorrectedPerHour}`,
      thresholds: ['nodeMemoryCorrectedPerHour'],
      for: '0s',
      keepFiringFor: '1h',
      severity: 'warning',
      action: 'contact_support',
      domain: 'platform',
      team: 'sre',
      summary: 'Main memory of a machine has many errors that are corrected.',
      description: `Main memory of ${who} had {{ $value | humanize }} errors within an hour, all corrected. Find the module, and have it exchanged at the next occasion.`,
      runbook: {
        meaning:
          'No data were lost. A module with many of them is likelier to have one that cannot be corrected, and each costs time.',
        firstLook: [readEdac],
        remedy: [
          'Have the module exchanged with the next maintenance.',
          'Many machines at once: look for a BIOS that the maker has withdrawn, and for heat.',
        ],
      },
      fires: {
        when: 'Two errors a minute',
        series: [[series(corrected, { ...exampleHostTarget, controller: '0' }), '0+2x70']],
        at: '65m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'Nearly a hundred errors within an hour',
        series: [[series(corrected, { ...exampleHostTarget, controller: '0' }), '0+1.6x70']],
        at: '65m',
      },
    },
  ],
});
