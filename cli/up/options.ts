import { defineOptions, type OptionValues } from '../../kit/options/define.ts';
import { scenarioNames } from '../simulate/scenarios.ts';

const port = { type: 'integer', min: 1, max: 65_535 } as const;

export const upOptions = defineOptions({
  command: 'fleetlens up',
  about:
    'Starts the exporters for GPUs, training and LLM serving, the CMDB, the billing, the failure prediction, a Prometheus with the alert rules and an Alertmanager on this machine, and prints alerts as they reach a person. Without NVML it shows a simulated fleet. Ctrl-C stops all of it.',
  options: {
    scenario: {
      type: 'enum',
      default: 'overheat',
      values: scenarioNames,
      help: 'What happens to the simulated fleet.',
    },
    nodes: { type: 'integer', default: 2, min: 1, max: 2000, help: 'Number of simulated nodes.' },
    gpus: { type: 'integer', default: 8, min: 1, max: 16, help: 'GPUs of each simulated node.' },
    seed: { type: 'integer', default: 1, min: 0, max: 2_147_483_647, help: 'The same seed gives the same fleet.' },
    source: {
      type: 'enum',
      default: 'auto',
      values: ['auto', 'nvml', 'simulated'],
      help: 'Where readings come from; auto takes the GPUs of this machine if there are any.',
    },
    'nvml.library': {
      type: 'list',
      default: [],
      help: 'Names or paths of the NVML library, if it is in an unusual place.',
    },
    history: {
      type: 'duration',
      default: '0s',
      min: '0s',
      max: '400d',
      help: 'How much of the past of the simulated fleet is written into the new Prometheus before it starts, such as 30d, so that there is a bill to look at.',
    },
    'training.runs': {
      type: 'list',
      default: [],
      help: 'Run folders of your own that the training exporter reads, as for fleetlens training --runs.paths.',
    },
    'inference.upstreams': {
      type: 'list',
      default: [],
      help: 'LLM servers of your own that the metering proxy stands in front of, as for fleetlens inference --proxy.upstreams. A simulated fleet has servers of its own.',
    },
    duration: {
      type: 'duration',
      default: '0s',
      min: '0s',
      max: '24d',
      help: 'Stop after so long; 0s runs until Ctrl-C.',
    },
    'data-dir': {
      type: 'path',
      help: 'Folder for configuration, logs and metrics, kept at the end. Without it a temporary one is used and removed.',
    },
    'gpu.port': { ...port, help: 'Port of the GPU exporter; 9400, or a free one if that is taken.' },
    'training.port': { ...port, help: 'Port of the training exporter; 9410, or a free one if that is taken.' },
    'inference.port': { ...port, help: 'Port of the inference exporter; 9411, or a free one if that is taken.' },
    'proxy.port': { ...port, help: 'Port of the LLM proxy; 9421, or a free one if that is taken.' },
    'cmdb.port': { ...port, help: 'Port of the CMDB; 9412, or a free one if that is taken.' },
    'billing.port': { ...port, help: 'Port of the billing; 9413, or a free one if that is taken.' },
    'prediction.port': { ...port, help: 'Port of the failure prediction; 9414, or a free one if that is taken.' },
    'prometheus.port': { ...port, help: 'Port of Prometheus; 9090, or a free one if that is taken.' },
    'alertmanager.port': { ...port, help: 'Port of Alertmanager; 9093, or a free one if that is taken.' },
    'grafana-home': {
      type: 'path',
      help: 'Folder of a Grafana that is installed here, such as /usr/share/grafana: it is started with the app, the boards and the data source in it.',
    },
    'grafana.port': { ...port, help: 'Port of Grafana; 3000, or a free one if that is taken.' },
    'preview.port': {
      ...port,
      help: 'Port of the page that shows the Grafana app without Grafana; 9430, or a free one if that is taken.',
    },
    'receiver.port': {
      ...port,
      help: 'Port of the receiver that prints alerts; 9429, or a free one if that is taken.',
    },
    'prometheus.bin': { type: 'path', help: 'Prometheus program, if it is not on PATH.' },
    'alertmanager.bin': { type: 'path', help: 'Alertmanager program, if it is not on PATH.' },
    'config.file': { type: 'path', help: 'YAML file with any of these options.' },
  },
});

export type UpOptions = OptionValues<typeof upOptions.options>;
