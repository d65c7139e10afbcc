import { gpuOptions } from '../../exporters/gpu/options.ts';
import { defineOptions, type OptionValues } from '../../kit/options/define.ts';

const {
  'config.check': _check,
  'config.schema': _schema,
  'list-metrics': _list,
  ...exporterOptions
} = gpuOptions.options;

/** The options of the exporter, so that what is checked is what it would run with, and those of the report. */
export const doctorOptions = defineOptions({
  command: 'fleetlens doctor gpu',
  about:
    'Checks what the GPU exporter needs on this machine, with the options that it would run with, and says what to do about what is missing. Exit status 1 means that something needed is missing or broken.',
  options: {
    json: { type: 'boolean', default: false, help: 'Print the report as JSON.', notInFile: true },
    timeout: {
      type: 'duration',
      default: '20s',
      min: '1s',
      max: '5m',
      help: 'How long the driver may take for one GPU, and a file or a server for its answer, but those not more than 5 s. What takes longer counts as hanging.',
      notInFile: true,
    },
    ...exporterOptions,
  },
});

export type DoctorOptions = OptionValues<typeof doctorOptions.options>;
