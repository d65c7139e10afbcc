import { trainingOptions } from '../../exporters/training/options.ts';
import { defineOptions, type OptionValues } from '../../kit/options/define.ts';

const {
  'config.check': _check,
  'config.schema': _schema,
  'list-metrics': _list,
  ...exporterOptions
} = trainingOptions.options;

/** The options of the exporter, so that what is shown is what it would show, and those of the report. */
export const inspectOptions = defineOptions({
  command: 'fleetlens training inspect',
  about:
    'Looks once at a file or folder and tells what the training exporter would show of it: fleetlens training inspect PATH [--option=value …]. PATH is an event file, a log, a run folder, a folder of runs, or a pattern in quotes; without it --runs.paths is looked at. It starts nothing and changes nothing. Exit status 1 means that nothing of a training was found.',
  options: {
    json: { type: 'boolean', default: false, help: 'Print the report as JSON.', notInFile: true },
    'runs.shown': {
      type: 'integer',
      default: 3,
      min: 1,
      max: 1000,
      help: 'How many runs are read and shown, those that were written last; the others are named or counted.',
      notInFile: true,
    },
    ...exporterOptions,
  },
});

export type InspectOptions = OptionValues<typeof inspectOptions.options>;
