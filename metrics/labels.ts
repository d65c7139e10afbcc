/** Every label name that a series of the catalogue may carry, with one sentence each. */
export const labels = {
  gpu_id: 'Index of the GPU on its node, as nvidia-smi counts it, from 0.',
  uuid: 'UUID of the GPU (GPU-…), stable across reboots and slots.',
  model: 'Product name of the GPU as the driver reports it.',
  serial: 'Serial number of the board.',
  pci_bus_id: 'PCI address of the GPU, domain:bus:device.function.',
  vbios: 'Version of the video BIOS.',
  driver: 'Version of the kernel driver.',
  cuda: 'Highest CUDA version that the driver supports.',
  nvml: 'Version of the NVML library.',
  kind: 'Which of a few variants of the same quantity, listed in the help of the metric.',
  reason: 'Why, from a fixed list given in the help of the metric.',
  severity: 'correctable or uncorrectable for ECC errors; critical, warning, info or none for alerts.',
  lifetime: 'volatile (since the driver was loaded) or aggregate (over the life of the board).',
  xid: 'NVIDIA XID error code.',
  error: 'Name of the error, from a fixed list of NVML return codes and supervision outcomes.',
  state: 'One of a fixed list of states; the series of the present state is 1 and the others are 0.',
  source: 'Where the data come from.',
  collector: 'Name of the collector inside the daemon.',
  daemon: 'Name of the FleetLens daemon.',
  version: 'Version of the software.',
  nodejs: 'Version of the Node.js runtime.',
  le: 'Upper bound of a histogram bucket, inclusive.',
  cluster: 'Name of the cluster, set by service discovery or relabelling.',
  node: 'Name of the machine, set by service discovery or relabelling.',
  rack: 'Rack of the machine, set by service discovery or relabelling.',
  tenant: 'Tenant who uses the resource, set by service discovery, relabelling or a recording rule.',
  job: 'Prometheus scrape job.',
  instance: 'Scrape address of the target.',
  domain: 'What an alert is about: gpu, fleetlens or platform.',
  alertname: 'Name of the alert, set by Prometheus on ALERTS.',
  alertstate: 'pending or firing, set by Prometheus on ALERTS.',
  rule_group: 'File and name of a rule group, set by Prometheus.',
} as const satisfies Readonly<Record<string, string>>;

export type LabelName = keyof typeof labels;

/** Labels that relabelling adds to every scraped series; an exporter never emits them. */
export const targetLabels = [
  'cluster',
  'node',
  'rack',
  'tenant',
  'job',
  'instance',
] as const satisfies readonly LabelName[];
export type TargetLabel = (typeof targetLabels)[number];
