import { gpuOptions } from '../../exporters/gpu/options.ts';
import { defineOptions } from '../../kit/options/define.ts';

export const captureOptions = defineOptions({
  command: 'fleetlens gpu capture',
  about:
    'Writes down, as JSON, what the NVIDIA driver of this machine answers, twice a second apart, so that its GPUs can be shown elsewhere with fleetlens gpu --source=replay. UUIDs, serial numbers and process ids are replaced.',
  options: {
    output: { type: 'path', help: 'File to write; without it the capture goes to standard output.' },
    force: { type: 'boolean', default: false, help: 'Replace the file if it is there.' },
    timeout: {
      type: 'duration',
      default: '1m',
      min: '5s',
      max: '30m',
      help: 'How long the driver may take for all of it; a driver that hangs is left after this time.',
    },
    'nvml.library': gpuOptions.options['nvml.library'],
    'config.file': { type: 'path', help: 'YAML file with any of these options.' },
  },
});
