import { daemonOptions } from '../../kit/daemon-options.ts';
import { defineOptions } from '../../kit/options/define.ts';
import { nameSets } from './names/name-sets.ts';
import { scenarioNames } from './sources/simulated/scenarios.ts';
import { sourceNames } from './sources/source.ts';

export const gpuOptions = defineOptions({
  command: 'fleetlens gpu',
  about:
    'Exports the GPUs of this machine to Prometheus: health, errors, temperatures, power, clocks, memory. Reads NVML, needs no DCGM.',
  options: {
    ...daemonOptions(9400),
    source: {
      type: 'enum',
      default: 'nvml',
      values: sourceNames,
      help: 'Where readings come from: the GPUs of this machine, a capture of another machine, or a simulated fleet to try things with.',
    },
    'gpu.interval': {
      type: 'duration',
      default: '5s',
      min: '200ms',
      max: '5m',
      help: 'How often the GPUs are read. A scrape shows the last reading and never waits for the driver.',
    },
    'gpu.slow-interval': {
      type: 'duration',
      default: '1m',
      min: '1s',
      max: '1h',
      help: 'How often that is read which changes rarely or takes the driver long: ECC, remapped rows, NVLink errors, modes.',
    },
    'gpu.process-interval': {
      type: 'duration',
      default: '15s',
      min: '1s',
      max: '10m',
      help: 'How often the processes on the GPUs are listed.',
    },
    'gpu.event-interval': {
      type: 'duration',
      default: '1s',
      min: '100ms',
      max: '1m',
      help: 'How often the driver is asked for events such as XID errors.',
    },
    'gpu.expected': {
      type: 'integer',
      default: 0,
      min: 0,
      max: 64,
      help: 'Number of GPUs that this node must have; with fewer that answer /-/ready says so. 0 expects nothing.',
    },
    'gpu.release-duration': {
      type: 'duration',
      default: '5m',
      min: '1s',
      max: '24h',
      help: 'How long the driver is let go of after SIGUSR2 or POST /-/release without a time.',
    },
    'gpu.timeout': {
      type: 'duration',
      default: '2s',
      min: '100ms',
      max: '1m',
      help: 'A reading that takes longer counts as a driver that hangs: its values are not shown any more.',
    },
    'gpu.patience': {
      type: 'duration',
      default: '10s',
      min: '100ms',
      max: '10m',
      help: 'How long a driver call may hang before its process is ended and started again.',
    },
    'nvml.library': {
      type: 'list',
      default: [
        'libnvidia-ml.so.1',
        '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1',
        '/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1',
        '/run/nvidia/driver/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1',
        '/home/kubernetes/bin/nvidia/lib64/libnvidia-ml.so.1',
        '/usr/lib/wsl/lib/libnvidia-ml.so.1',
      ],
      help: 'Names or paths of the NVML library; the first that loads is used.',
    },
    'nvlink.per-link': {
      type: 'boolean',
      default: true,
      help: 'Show bytes and errors of each NVLink link; off shows their sum for each GPU, about 100 series less on a GPU with 18 links.',
    },
    'metrics.names': {
      type: 'list',
      default: ['native'],
      help: `Name sets to show, one or several of ${nameSets.join(', ')}; those of dcgm are the names, labels and units of dcgm-exporter.`,
    },
    'metrics.exclude': {
      type: 'list',
      default: [],
      help: 'Names of metrics that are not shown, * at the end matches any rest: gpu_nvlink_*, gpu_clock_event_active.',
    },
    'dcgm.counters-file': {
      type: 'path',
      help: "dcgm-exporter's CSV file of counters; chooses the fields of the dcgm name sets. Without it they show all that dcgm-exporter shows by default.",
    },
    'dcgm.hostname-label': {
      type: 'enum',
      default: 'Hostname',
      values: ['Hostname', 'hostname', 'none'],
      help: 'Label of the dcgm-4.8 name set for the name of the machine: Hostname until dcgm-exporter 4.8.2, hostname since.',
    },
    'xid.kernel-log': {
      type: 'string',
      default: 'auto',
      help: 'Kernel log in which XID errors are looked for beside the events of NVML: /dev/kmsg, a file or named pipe of syslog lines or of journalctl -kf -o export, or none. auto takes /dev/kmsg if it can be read.',
    },
    'kubernetes.enabled': {
      type: 'enum',
      default: 'auto',
      values: ['auto', 'on', 'off'],
      help: 'Whether the kubelet is asked which pods have GPUs. auto asks if its socket is there.',
    },
    'kubernetes.pod-resources-socket': {
      type: 'path',
      default: '/var/lib/kubelet/pod-resources/kubelet.sock',
      help: 'Socket of the pod resources API of the kubelet.',
    },
    'kubernetes.interval': {
      type: 'duration',
      default: '5s',
      min: '500ms',
      max: '5m',
      help: 'How often the kubelet is asked. The start and the end of an allocation are known to half of it.',
    },
    'kubernetes.resources': {
      type: 'list',
      default: ['nvidia.com/gpu', 'nvidia.com/gpu.shared', 'nvidia.com/mig-*', 'gpu.nvidia.com'],
      help: 'Resource names and DRA drivers that stand for GPUs; * at the end matches any rest.',
    },
    'kubernetes.pod-list-url': {
      type: 'string',
      help: 'Where the pods of this node are listed, for labels and for finding the pod of a process: https://NODE:10250/pods of the kubelet, or /api/v1/pods?fieldSelector=spec.nodeName=… of the API server.',
    },
    'kubernetes.pod-list-token-file': { type: 'path', help: 'File with the bearer token for that address.' },
    'kubernetes.pod-list-ca-file': { type: 'path', help: 'File with the certificate authority of that address.' },
    'kubernetes.pod-list-interval': {
      type: 'duration',
      default: '30s',
      min: '5s',
      max: '10m',
      help: 'How often that address is asked.',
    },
    'kubernetes.pod-labels': {
      type: 'list',
      default: [],
      help: 'Kubernetes labels that gpu_pod_label_info may show; no other ever leaves the exporter.',
    },
    'kubernetes.pod-logs-path': {
      type: 'path',
      default: '/var/log/pods',
      help: 'Folder of pod logs, whose names tell which pod a process belongs to where no pod list is given.',
    },
    'jobs.mapping-path': {
      type: 'path',
      help: 'Folder with one file for each GPU, named by its index (or index.instance), that holds the ids of the jobs that have it, one on each line.',
    },
    'processes.enabled': {
      type: 'boolean',
      default: true,
      help: 'Divide memory and computing time of a GPU among pods and jobs by the processes on it.',
    },
    'processes.names': {
      type: 'boolean',
      default: false,
      help: 'Show processes that belong to no pod and no job by the name of their executable.',
    },
    'path.procfs': { type: 'path', default: '/proc', help: 'Where the proc file system of the host is mounted.' },
    'attribution.state-file': {
      type: 'path',
      help: 'File in which allocated seconds survive a restart of the exporter; without it they start at 0 again.',
    },
    'attribution.retention': {
      type: 'duration',
      default: '1h',
      min: '1m',
      max: '7d',
      help: 'How long the counters of a holder are still shown after it gave its GPU back.',
    },
    'admin.token-file': {
      type: 'path',
      help: 'File with the bearer token for POST /-/release and /-/resume. Without it they answer only if the exporter listens on a loopback address.',
    },
    'replay.file': { type: 'path', help: 'Capture to show with --source=replay; fleetlens gpu capture makes one.' },
    'simulated.nodes': {
      type: 'integer',
      default: 1,
      min: 1,
      max: 2000,
      help: 'Number of simulated nodes. The first is at /metrics, all are at /nodes/<name>/metrics.',
    },
    'simulated.gpus': { type: 'integer', default: 8, min: 1, max: 16, help: 'GPUs of each simulated node.' },
    'simulated.scenario': {
      type: 'enum',
      default: 'healthy',
      values: scenarioNames,
      help: 'What happens to the simulated fleet; see the guide of the GPU exporter.',
    },
    'simulated.seed': {
      type: 'integer',
      default: 1,
      min: 0,
      max: 2_147_483_647,
      help: 'The same seed gives the same simulated fleet.',
    },
  },
});

export type GpuOptions = typeof gpuOptions.options;
